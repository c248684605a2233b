// Made by scripts/generate-catalog.ts from regions.yaml; do not edit.
/** name | city | latitude | longitude | zone ids in the order of their letters */
export const regionRows = `
af-south-1|Cape Town|-33.92|18.42|afs1-az1 afs1-az2 afs1-az3
ap-east-1|Hong Kong|22.32|114.17|ape1-az1 ape1-az2 ape1-az3
ap-east-2|Taipei|25.03|121.57|ape2-az1 ape2-az2 ape2-az3
ap-northeast-1|Tokyo|35.68|139.69|apne1-az1 apne1-az2 apne1-az4
ap-northeast-2|Seoul|37.57|126.98|apne2-az1 apne2-az2 apne2-az3 apne2-az4
ap-northeast-3|Osaka|34.69|135.5|apne3-az1 apne3-az2 apne3-az3
ap-south-1|Mumbai|19.08|72.88|aps1-az1 aps1-az2 aps1-az3
ap-south-2|Hyderabad|17.39|78.49|aps2-az1 aps2-az2 aps2-az3
ap-southeast-1|Singapore|1.35|103.82|apse1-az1 apse1-az2 apse1-az3
ap-southeast-2|Sydney|-33.87|151.21|apse2-az1 apse2-az2 apse2-az3
ap-southeast-3|Jakarta|-6.21|106.85|apse3-az1 apse3-az2 apse3-az3
ap-southeast-4|Melbourne|-37.81|144.96|apse4-az1 apse4-az2 apse4-az3
ap-southeast-5|Kuala Lumpur|3.14|101.69|apse5-az1 apse5-az2 apse5-az3
ap-southeast-6|Auckland|-36.85|174.76|apse6-az1 apse6-az2 apse6-az3
ap-southeast-7|Bangkok|13.76|100.5|apse7-az1 apse7-az2 apse7-az3
ca-central-1|Montreal|45.5|-73.57|cac1-az1 cac1-az2 cac1-az4
ca-west-1|Calgary|51.05|-114.07|caw1-az1 caw1-az2 caw1-az3
eu-central-1|Frankfurt|50.11|8.68|euc1-az1 euc1-az2 euc1-az3
eu-central-2|Zurich|47.38|8.54|euc2-az1 euc2-az2 euc2-az3
eu-north-1|Stockholm|59.33|18.07|eun1-az1 eun1-az2 eun1-az3
eu-south-1|Milan|45.46|9.19|eus1-az1 eus1-az2 eus1-az3
eu-south-2|Zaragoza|41.65|-0.89|eus2-az1 eus2-az2 eus2-az3
eu-west-1|Dublin|53.35|-6.26|euw1-az1 euw1-az2 euw1-az3
eu-west-2|London|51.51|-0.13|euw2-az1 euw2-az2 euw2-az3
eu-west-3|Paris|48.86|2.35|euw3-az1 euw3-az2 euw3-az3
il-central-1|Tel Aviv|32.09|34.78|ilc1-az1 ilc1-az2 ilc1-az3
me-central-1|Dubai|25.2|55.27|mec1-az1 mec1-az2 mec1-az3
me-south-1|Manama|26.23|50.59|mes1-az1 mes1-az2 mes1-az3
mx-central-1|Queretaro|20.59|-100.39|mxc1-az1 mxc1-az2 mxc1-az3
sa-east-1|Sao Paulo|-23.55|-46.63|sae1-az1 sae1-az2 sae1-az3
us-east-1|Ashburn|39.04|-77.49|use1-az1 use1-az2 use1-az4 use1-az6 use1-az5 use1-az3
us-east-2|Columbus|39.96|-83|use2-az1 use2-az2 use2-az3
us-west-1|San Francisco|37.77|-122.42|usw1-az1 usw1-az3
us-west-2|Portland|45.52|-122.68|usw2-az1 usw2-az2 usw2-az3 usw2-az4
`;
