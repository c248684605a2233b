// Made by scripts/generate-catalog.ts from regions.yaml; do not edit.
/** name | city | latitude | longitude | zones in the order of their letters */
export const regionRows = `
australiacentral|Canberra|-35.31|149.12|
australiacentral2|Canberra|-35.31|149.12|
australiaeast|Sydney|-33.86|151.21|1 2 3
australiasoutheast|Melbourne|-37.81|144.96|
austriaeast|Vienna|48.21|16.37|1 2 3
belgiumcentral|Brussels|50.85|4.36|1 2 3
brazilsouth|São Paulo|-23.55|-46.63|1 2 3
brazilsoutheast|Rio de Janeiro|-22.9|-43.21|
canadacentral|Toronto|43.65|-79.38|1 2 3
canadaeast|Quebec|46.82|-71.22|
centralindia|Pune|18.58|73.92|1 2 3
centralus|Des Moines|41.59|-93.62|1 2 3
chilecentral|Santiago|-33.45|-70.67|1 2 3
eastasia|Hong Kong|22.27|114.19|1 2 3
eastus|Roanoke|37.37|-79.82|1 2 3
eastus2|Boydton|36.67|-78.39|1 2 3
francecentral|Paris|48.86|2.35|1 2 3
francesouth|Marseille|43.3|5.37|
germanynorth|Berlin|52.52|13.41|
germanywestcentral|Frankfurt|50.11|8.68|1 2 3
indonesiacentral|Jakarta|-6.2|106.82|1 2 3
israelcentral|Tel Aviv|32.09|34.78|1 2 3
italynorth|Milan|45.47|9.18|1 2 3
japaneast|Tokyo|35.68|139.77|1 2 3
japanwest|Osaka|34.69|135.5|1 2 3
jioindiacentral|Nagpur|21.15|79.09|
jioindiawest|Jamnagar|22.47|70.06|
koreacentral|Seoul|37.57|126.98|1 2 3
koreasouth|Busan|35.18|129.08|
malaysiawest|Kuala Lumpur|3.14|101.69|1 2 3
mexicocentral|Querétaro|20.59|-100.39|1 2 3
newzealandnorth|Auckland|-36.85|174.76|1 2 3
northcentralus|Chicago|41.88|-87.63|
northeurope|Dublin|53.35|-6.26|1 2 3
norwayeast|Oslo|59.91|10.75|1 2 3
norwaywest|Stavanger|58.97|5.73|
polandcentral|Warsaw|52.23|21.02|1 2 3
qatarcentral|Doha|25.29|51.53|1 2 3
southafricanorth|Johannesburg|-26.2|28.05|1 2 3
southafricawest|Cape Town|-33.92|18.42|
southcentralus|San Antonio|29.42|-98.5|1 2 3
southeastasia|Singapore|1.28|103.83|1 2 3
southindia|Chennai|12.98|80.16|
spaincentral|Madrid|40.42|-3.7|1 2 3
swedencentral|Gävle|60.67|17.14|1 2 3
switzerlandnorth|Zurich|47.45|8.56|1 2 3
switzerlandwest|Geneva|46.2|6.14|
uaecentral|Abu Dhabi|24.47|54.37|
uaenorth|Dubai|25.27|55.32|1 2 3
uksouth|London|51.51|-0.13|1 2 3
ukwest|Cardiff|51.48|-3.18|
westcentralus|Cheyenne|41.14|-104.82|
westeurope|Amsterdam|52.37|4.9|1 2 3
westindia|Mumbai|19.09|72.87|
westus|San Francisco|37.78|-122.42|
westus2|Quincy|47.23|-119.85|1 2 3
westus3|Phoenix|33.45|-112.07|1 2 3
`;
/** Regions that need the vendor's leave. */
export const restrictedRegions = ["australiacentral2","brazilsoutheast","francesouth","germanynorth","jioindiacentral","jioindiawest","norwaywest","southafricawest","switzerlandwest","uaecentral","westindia"] as const;
