import { hashFolded } from "../names/characters.ts";

/** What a word may be in an address; several may hold. */
export const role = {
  /** A kind of street behind its name that is little else: Baker Street. */
  suffix: 1,
  /** One that is often something else: Hyde Park, Supreme Court. */
  looseSuffix: 2,
  /** A kind of street before its name: Rue de la Paix. */
  prefix: 4,
  /** The same where the word is a common one too, so that it counts with a capital only: Via, Place. */
  capitalPrefix: 8,
  /** Behind the name and before the number: Petőfi utca 3. */
  middle: 16,
  /** Before the number of a part of a building. */
  unit: 32,
  /** Post-office boxes in one word. */
  box: 64,
  /** Says that an address follows. */
  announces: 128,
  /** May stand between the words of a street's name. */
  link: 256,
  /** US states, Canadian provinces and countries in short. */
  state: 512,
  military: 1024,
  direction: 2048,
} as const;

const lists: ReadonlyArray<readonly [role: number, words: string]> = [
  [
    role.suffix,
    "street str st road rd avenue ave av lane ln boulevard blvd crescent cres highway hwy parkway pkwy terrace drive dr alley close mews turnpike expressway freeway crossroad causeway bypass byway motorway esplanade promenade",
  ],
  [
    role.looseSuffix,
    "way court ct place pl square sq circle cir trail trl plaza loop row walk gardens grove rise view hill park green path pass pike run trace ridge point heights bend branch bridge brook burg camp canyon center centre cliff cliffs common corner corners course cove coves creek crest crossing curve dale dam divide estate estates extension falls ferry field fields flat flats ford forest forge fork forks fort garden gateway glen glens greens harbor harbors haven hills hollow inlet island islands isle junction key keys knoll knolls lake lakes land landing light lights loaf locks lodge mall manor manors meadow meadows mill mills mission motorway mount mountain neck orchard oval overpass parks parkways passage pine pines plain plains plazas port ports prairie radial ramp ranch rapid rapids rest river roads route rue shoal shoals shore shores skyway spring springs spur spurs squares stravenue stream streets summit throughway trafficway tunnel underpass union unions valley viaduct views village villages ville vista walks wall ways well wells wharf quay yard lea vale end side gate",
  ],
  [
    role.prefix,
    "rue avenue boulevard allee impasse chemin faubourg quai calle avenida avda rua travessa praca estrada alameda rodovia viale piazza piazzale corso vicolo lungomare contrada ul ulica ulitsa ulice aleja aleje trg prospekt strada calea bulevardul aleea soseaua jalan jln jl duong pho улица ул вулиця вул проспект пр переулок пер бульвар λεωφορος οδος λεωφ odos leoforos carrer carretera ctra paseo ronda plaza rambla callejon azinhaga beco calcada ruela",
  ],
  [role.capitalPrefix, "via place cours passage largo camino os strada av"],
  [
    role.middle,
    "utca u ut utja ter tere korut krt rkp rakpart setany fasor koz sor ulica cesta trg ulice namesti nabrezi trida tanav puiestee mnt tee iela gatve prospekts caddesi cad sokak sokagi sk bulvari mahallesi gata gate vei veien allee plads torv vag strasse str weg gasse platz straat laan plein улица утца проспект terrasse backe",
  ],
  [
    role.unit,
    "apt apartment suite ste unit flat room rm floor fl bldg building block blk lot trailer appartement appt app bureau etage piso puerta escalera apto bloco interno scala wohnung zimmer top stiege huis bus depto oficina local planta lokal mieszkanie",
  ],
  [role.box, "postbox postfach postbus pobox apartado postboks"],
  [
    role.announces,
    "address addresses addressed located location live lives lived living reside resides residing residence resident moved move moving relocated deliver delivered delivery deliveries ship shipped shipping send sent mail mailed mailing corner intersection meet headquartered headquarters visit home house office offices domiciled stay stays staying street registered property premises situated based billing venue destination pickup dropoff anschrift adresse wohne wohnt wohnen wohnhaft wohnort lieferadresse rechnungsadresse habite habitons domicile demeurant livrer direccion domicilio vivo vive vivimos resido indirizzo abito residente residenza abita endereco moro mora morada adres woon woont wonen gevestigd",
  ],
  [
    role.link,
    "de du des d la le les l da do das dos del della delle dei degli di der den van von zu zur zum of the and y e i och og und",
  ],
  [
    role.state,
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr ab bc mb nb nl ns nt nu on pe qc sk yt nsw vic qld tas act usa uk us",
  ],
  [role.military, "apo fpo dpo psc"],
  [role.direction, "n s e w ne nw se sw north south east west nord sud est ouest norte sur este oeste"],
];

const roles = new Map<number, number>();
for (const [bit, words] of lists)
  for (const word of words.split(" ")) {
    const hash = hashFolded(word);
    roles.set(hash, (roles.get(hash) ?? 0) | bit);
  }

export function rolesOf(hash: number): number {
  return roles.get(hash) ?? 0;
}

/** Ends of words that are a street's name and kind in one, by how sure they are. */
const sureEnds =
  "strasse straße straat gatan vägen vagen vejen vej gade katu gata gasse gaten veien vegen brücke bruecke allee allé stræde straede utca laan platz gränd torget ufer damm gracht kade singel dreef".split(
    " ",
  );
const looseEnds =
  "str weg vei tie kuja polku väg torg plein ring hof dijk markt steig graben berg kai plads tänav pad steeg braut götu gata vegur stræti straeti stígur lie tunet bakken kroken svingen gränden stigen backen".split(
    " ",
  );

function byLastLetter(ends: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(ends, (end) => end.slice(-1));
}
const sure = byLastLetter(sureEnds);
const loose = byLastLetter(looseEnds);

/** 2 for a word like Hauptstraße, 1 for one that may be like it, 0 for others. */
export function streetEnd(word: string): 0 | 1 | 2 {
  const lower = word.toLowerCase();
  const last = lower.slice(-1);
  const ends = (end: string) => lower.length > end.length + 2 && lower.endsWith(end);
  if (sure.get(last)?.some(ends)) return 2;
  return loose.get(last)?.some(ends) ? 1 : 0;
}
