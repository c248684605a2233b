// Made by scripts/generate-prices.ts from gcp-rates.csv; do not edit.
export const pricesDate = "2026";
export const pricedRegions: readonly string[] = ["us-central1","africa-south1","asia-east1","asia-east2","asia-northeast1","asia-northeast2","asia-northeast3","asia-south1","asia-south2","asia-southeast1","asia-southeast2","australia-southeast1","australia-southeast2","europe-central2","europe-north1","europe-southwest1","europe-west1","europe-west10","europe-west12","europe-west2","europe-west3","europe-west4","europe-west6","europe-west8","europe-west9","me-central1","me-central2","me-west1","northamerica-northeast1","northamerica-northeast2","southamerica-east1","southamerica-west1","us-east1","us-east4","us-east5","us-south1","us-west1","us-west2","us-west3","us-west4"];
/** name | USD per hour, on demand, with Linux, in each of the regions; empty where it is not sold, or not known. */
export const priceRows = `
c2/gib|0.00455
c2/vcpu|0.03398
c2d/gib|0.003959
c2d/vcpu|0.029563
e2/gib|0.00292353|0.003823977|0.00338514|0.00409032|0.00373911|0.00373911|0.00373911|0.00351072|0.00351072|0.00360594|0.003930474|0.00414759|0.003525|0.00376602|0.00321816|0.00345|0.00321609|0.004502236|0.003771354|0.00376602|0.00376602|0.00321816|0.00409032|0.003391|0.003391|0.003552089|0.004677648|0.003215883|0.00321816|0.00321816|0.00464025|0.004180647|0.00292353|0.00329199|0.00292353|0.003449765|0.00292353|0.00351141|0.00351141|0.00329199
e2/vcpu|0.02181159|0.02852956|0.02525538|0.03051939|0.02802642|0.02802642|0.02802642|0.0261993|0.0261993|0.02690931|0.029331147|0.03095064|0.026308|0.0281037|0.02401614|0.025738|0.02399337|0.03358985|0.02813695|0.0281037|0.0281037|0.02401338|0.03051939|0.025302|0.025302|0.02650108|0.03489854|0.02399275|0.02401338|0.02401338|0.0346242|0.031190573|0.02181159|0.02456745|0.02181159|0.02573768|0.02181159|0.0261993|0.0261993|0.02456745
n1/gib|0.004237
n1/vcpu|0.031611
n2/gib|0.004237
n2/vcpu|0.031611
n2d/gib|0.003686
n2d/vcpu|0.027502
t2d/gib|0.003686
t2d/vcpu|0.027502
`;
