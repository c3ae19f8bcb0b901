import { spelledPlainly } from './spelling.ts';

/** The assigned codes of ISO 3166-1 alpha-3. */
const assigned = `
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE
BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA
CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE
DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM
GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA
MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT
NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN
PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA
SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR
TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA
UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE`;

/**
 * Codes that appear on passports but in no country list: British and Kosovar ones, the United Nations, the European
 * Union, the Order of Malta, stateless persons and refugees (ICAO 9303-3, section 5).
 */
const onPassportsOnly = 'EUE GBD GBN GBO GBP GBS RKS UNA UNK UNO XOM XXA XXB XXC';

export const issuingCountries: ReadonlySet<string> = new Set(
  `${assigned} ${onPassportsOnly}`.trim().split(/\s+/),
);

/** Some passports come from another country than the one that people name: from China, and from the United Kingdom. */
const issuers: Readonly<Record<string, string>> = {
  HKG: 'CHN',
  MAC: 'CHN',
  GBD: 'GBR',
  GBN: 'GBR',
  GBO: 'GBR',
  GBP: 'GBR',
  GBS: 'GBR',
};

/** The country whose series contains a passport's number. */
export const issuerOf = (country: string): string => issuers[country] ?? country;

/** A country's code as people type it, in its single spelling. German passports show `D` (ICAO 9303-3, section 5). */
export const countryCode = (typed: string): string => {
  const code = spelledPlainly(typed).replaceAll('<', '');
  return code === 'D' ? 'DEU' : code;
};
