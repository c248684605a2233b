// Made by scripts/generate-catalog.ts from regions.yaml; do not edit.
/** name | city | latitude | longitude | zones in the order of their letters */
export const regionRows = `
africa-south1|Johannesburg|-26.2|28.05|africa-south1-a africa-south1-b africa-south1-c
asia-east1|Changhua|24.05|120.52|asia-east1-a asia-east1-b asia-east1-c
asia-east2|Hong Kong|22.32|114.17|asia-east2-a asia-east2-b asia-east2-c
asia-northeast1|Tokyo|35.68|139.69|asia-northeast1-a asia-northeast1-b asia-northeast1-c
asia-northeast2|Osaka|34.69|135.5|asia-northeast2-a asia-northeast2-b asia-northeast2-c
asia-northeast3|Seoul|37.57|126.98|asia-northeast3-a asia-northeast3-b asia-northeast3-c
asia-south1|Mumbai|19.08|72.88|asia-south1-a asia-south1-b asia-south1-c
asia-south2|Delhi|28.61|77.21|asia-south2-a asia-south2-b asia-south2-c
asia-southeast1|Singapore|1.35|103.82|asia-southeast1-a asia-southeast1-b asia-southeast1-c
asia-southeast2|Jakarta|-6.21|106.85|asia-southeast2-a asia-southeast2-b asia-southeast2-c
asia-southeast3|Bangkok|13.76|100.5|asia-southeast3-a asia-southeast3-b asia-southeast3-c
australia-southeast1|Sydney|-33.87|151.21|australia-southeast1-a australia-southeast1-b australia-southeast1-c
australia-southeast2|Melbourne|-37.81|144.96|australia-southeast2-a australia-southeast2-b australia-southeast2-c
europe-central2|Warsaw|52.23|21.01|europe-central2-a europe-central2-b europe-central2-c
europe-north1|Hamina|60.57|27.2|europe-north1-a europe-north1-b europe-north1-c
europe-north2|Stockholm|59.33|18.07|europe-north2-a europe-north2-b europe-north2-c
europe-southwest1|Madrid|40.42|-3.7|europe-southwest1-a europe-southwest1-b europe-southwest1-c
europe-west1|Brussels|50.45|3.82|europe-west1-b europe-west1-c europe-west1-d
europe-west10|Berlin|52.52|13.41|europe-west10-a europe-west10-b europe-west10-c
europe-west12|Turin|45.07|7.69|europe-west12-a europe-west12-b europe-west12-c
europe-west2|London|51.51|-0.13|europe-west2-a europe-west2-b europe-west2-c
europe-west3|Frankfurt|50.11|8.68|europe-west3-a europe-west3-b europe-west3-c
europe-west4|Eemshaven|53.44|6.83|europe-west4-a europe-west4-b europe-west4-c
europe-west6|Zurich|47.38|8.54|europe-west6-a europe-west6-b europe-west6-c
europe-west8|Milan|45.46|9.19|europe-west8-a europe-west8-b europe-west8-c
europe-west9|Paris|48.86|2.35|europe-west9-a europe-west9-b europe-west9-c
me-central1|Doha|25.29|51.53|me-central1-a me-central1-b me-central1-c
me-central2|Dammam|26.43|50.1|me-central2-a me-central2-b me-central2-c
me-west1|Tel Aviv|32.09|34.78|me-west1-a me-west1-b me-west1-c
northamerica-northeast1|Montreal|45.5|-73.57|northamerica-northeast1-a northamerica-northeast1-b northamerica-northeast1-c
northamerica-northeast2|Toronto|43.65|-79.38|northamerica-northeast2-a northamerica-northeast2-b northamerica-northeast2-c
northamerica-south1|Queretaro|20.59|-100.39|northamerica-south1-a northamerica-south1-b northamerica-south1-c
southamerica-east1|Sao Paulo|-23.55|-46.63|southamerica-east1-a southamerica-east1-b southamerica-east1-c
southamerica-west1|Santiago|-33.45|-70.67|southamerica-west1-a southamerica-west1-b southamerica-west1-c
us-central1|Council Bluffs|41.26|-95.86|us-central1-a us-central1-b us-central1-c us-central1-f
us-east1|Charleston|33.2|-80.01|us-east1-b us-east1-c us-east1-d
us-east4|Ashburn|39.04|-77.49|us-east4-a us-east4-b us-east4-c
us-east5|Columbus|39.96|-83|us-east5-a us-east5-b us-east5-c
us-south1|Dallas|32.78|-96.8|us-south1-a us-south1-b us-south1-c
us-west1|The Dalles|45.6|-121.18|us-west1-a us-west1-b us-west1-c
us-west2|Los Angeles|34.05|-118.24|us-west2-a us-west2-b us-west2-c
us-west3|Salt Lake City|40.76|-111.89|us-west3-a us-west3-b us-west3-c
us-west4|Las Vegas|36.17|-115.14|us-west4-a us-west4-b us-west4-c
`;
