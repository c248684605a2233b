// Made by scripts/generate-catalog.ts from cities.yaml; do not edit.
/** city | latitude | longitude */
export const cityRows = `
amsterdam|52.37|4.9
ashburn|39.04|-77.49
athens|37.98|23.73
atlanta|33.75|-84.39
auckland|-36.85|174.76
austin|30.27|-97.74
bangalore|12.97|77.59
bangkok|13.76|100.5
barcelona|41.39|2.17
beijing|39.9|116.41
belgrade|44.79|20.45
berlin|52.52|13.41
bogota|4.71|-74.07
boston|42.36|-71.06
bratislava|48.15|17.11
brisbane|-27.47|153.03
brussels|50.85|4.35
bucharest|44.43|26.1
budapest|47.5|19.04
buenos aires|-34.6|-58.38
cairo|30.04|31.24
calgary|51.05|-114.07
cape town|-33.92|18.42
casablanca|33.57|-7.59
chennai|13.08|80.27
chicago|41.88|-87.63
cologne|50.94|6.96
columbus|39.96|-83
copenhagen|55.68|12.57
dallas|32.78|-96.8
delhi|28.61|77.21
denver|39.74|-104.99
detroit|42.33|-83.05
doha|25.29|51.53
dubai|25.2|55.27
dublin|53.35|-6.26
edinburgh|55.95|-3.19
frankfurt|50.11|8.68
geneva|46.2|6.14
gothenburg|57.71|11.97
hamburg|53.55|9.99
hanoi|21.03|105.85
helsinki|60.17|24.94
ho chi minh city|10.82|106.63
hong kong|22.32|114.17
houston|29.76|-95.37
hyderabad|17.39|78.49
istanbul|41.01|28.98
jakarta|-6.21|106.85
jerusalem|31.77|35.21
johannesburg|-26.2|28.05
kolkata|22.57|88.36
krakow|50.06|19.94
kuala lumpur|3.14|101.69
kyiv|50.45|30.52
lagos|6.52|3.38
las vegas|36.17|-115.14
lima|-12.05|-77.04
lisbon|38.72|-9.14
ljubljana|46.06|14.51
london|51.51|-0.13
los angeles|34.05|-118.24
luxembourg|49.61|6.13
lyon|45.76|4.84
madrid|40.42|-3.7
manama|26.23|50.59
manchester|53.48|-2.24
manila|14.6|120.98
marseille|43.3|5.37
melbourne|-37.81|144.96
mexico city|19.43|-99.13
miami|25.76|-80.19
milan|45.46|9.19
minneapolis|44.98|-93.27
montevideo|-34.9|-56.16
montreal|45.5|-73.57
mumbai|19.08|72.88
munich|48.14|11.58
nairobi|-1.29|36.82
new york|40.71|-74.01
osaka|34.69|135.5
oslo|59.91|10.75
ottawa|45.42|-75.7
paris|48.86|2.35
perth|-31.95|115.86
philadelphia|39.95|-75.17
phoenix|33.45|-112.07
portland|45.52|-122.68
porto|41.15|-8.61
prague|50.08|14.44
queretaro|20.59|-100.39
reykjavik|64.15|-21.94
riga|56.95|24.11
rio de janeiro|-22.91|-43.17
riyadh|24.71|46.68
rome|41.9|12.5
rotterdam|51.92|4.48
salt lake city|40.76|-111.89
san diego|32.72|-117.16
san francisco|37.77|-122.42
san jose|37.34|-121.89
santiago|-33.45|-70.67
sao paulo|-23.55|-46.63
seattle|47.61|-122.33
seoul|37.57|126.98
shanghai|31.23|121.47
singapore|1.35|103.82
sofia|42.7|23.32
stockholm|59.33|18.07
stuttgart|48.78|9.18
sydney|-33.87|151.21
taipei|25.03|121.57
tallinn|59.44|24.75
tel aviv|32.09|34.78
tokyo|35.68|139.69
toronto|43.65|-79.38
tunis|36.81|10.18
turin|45.07|7.69
vancouver|49.28|-123.12
vienna|48.21|16.37
vilnius|54.69|25.28
warsaw|52.23|21.01
washington|38.91|-77.04
wellington|-41.29|174.78
zagreb|45.81|15.98
zaragoza|41.65|-0.89
zurich|47.38|8.54
`;
