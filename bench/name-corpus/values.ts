import { cities, countries, fakerNames, humanNames } from "../lexicon/sources.ts";
import type { Random } from "./random.ts";

const words = (text: string) => text.split("|");
const products = words(
  "iPhone 14|Galaxy S22|Surface Laptop|ThinkPad X1|Kindle|Roomba|PlayStation 5|Model 3|Air Fryer|Dyson V11|Photoshop|Office 365|Echo Dot|Watch Series 7|Nespresso machine|router|Instant Pot|Civic|Corolla|Jetta|Bluetooth speaker",
);
const brands = words(
  "Visa|Mastercard|PayPal|Apple|Google|Amazon|Netflix|Spotify|Tesla|Microsoft|Samsung|Revolut|Santander|Barclays|HSBC|Western Union|American Express|Ford|Nike|Adidas|Intel|Oracle|Boeing|Airbus|Siemens|Nestle|Shell|Disney|Uber|Airbnb",
);
const nationalities = words(
  "American|British|French|German|Italian|Spanish|Chinese|Japanese|Korean|Mexican|Indian|Thai|Turkish|Greek|Swedish|Danish|Finnish|Polish|Hungarian|Czech|Croatian|Icelandic|Brazilian|Nigerian|Egyptian|Vietnamese|Dutch|Swiss|Irish|Canadian",
);
const languages = words(
  "French|German|Italian|Spanish|Mandarin|Japanese|Korean|Hindi|Arabic|Turkish|Greek|Swedish|Danish|Finnish|Polish|Hungarian|Czech|Portuguese|Swahili|Latin",
);
const roles = words(
  "nurse|engineer|teacher|account manager|data scientist|lawyer|electrician|plumber|consultant|chef|photographer|Chief Financial Officer|Vice President|Sales Director|receptionist|truck driver|accountant|professor|software developer|pharmacist",
);
const titles = words("Mr.|Mrs.|Ms.|Miss|Dr.|Mr|Mrs|Ms|Dr|Prof.|Professor");
const dishes = words(
  "lasagna|chicken tikka masala|pad thai|goulash|Caesar salad|apple pie|ramen|paella|Wiener Schnitzel|ratatouille|sushi|beef Wellington|tiramisu|hummus",
);
const terms = words(
  "Photosynthesis|Osmosis|Mitochondria|Ribosomes|Hypertension|Type 2 diabetes|Pneumonia|Amyotrophic lateral sclerosis|Crohn's disease|Metformin|Lisinopril|Ciprofloxacin|Inflation|Monetary policy|Supply and demand|Gross domestic product|Oligopoly|Comparative advantage|Utilitarianism|Deontology|Existentialism|Stoicism|Feudalism|Mercantilism|Imperialism|Federalism|Judicial review|Habeas corpus|Res ipsa loquitur|Negligence|Strict liability|Consideration|Entropy|Enthalpy|Momentum|Angular velocity|Kinetic energy|Thermodynamics|Electromagnetism|Quantum entanglement|Relativity|Gravitation|Sodium chloride|Sulfuric acid|Benzene|Methane|Carbon dioxide|Hydrogen|Helium|Plate tectonics|Igneous rocks|Cumulonimbus|Precambrian|Jurassic|Neolithic|Mesopotamia|Renaissance|Enlightenment|Reformation|Cubism|Impressionism|Baroque|Sonnet|Haiku|Metaphor|Onomatopoeia|Syllogism|Modus ponens|Recursion|Binary search|Hash table|Linked list|Polymorphism|Encapsulation|Machine learning|Neural networks|Gradient descent|Overfitting|Blockchain|Encryption|Cloud computing|Cognitive dissonance|Operant conditioning|Classical conditioning|Bipolar disorder|Schizophrenia|Attachment theory|Short-term memory|Amygdala|Hippocampus|Cerebellum|Aorta|Femur|Ligament|Escherichia coli|Staphylococcus aureus|Homo erectus|Drosophila|Arabidopsis|Mendelian inheritance|Natural selection|Speciation|Only I|I and II only|None of the above|All of the above|Both A and B|True, False|False, True|Wrong, Wrong|Not wrong, Wrong|Debit card|Standing order|Exchange rate|Direct debit|Top-up|Contactless|Overdraft|Buddhism|Hinduism|Sikhism|Confucianism|Taoism|Calvinism|Marxism|Keynesian economics",
);
const orgWords = words(
  "Rapid|Global|Blue|North|Summit|Pioneer|First|Green|Silver|Atlas|Quantum|Bright|Urban|Coastal|Prime|United|Evergreen|Delta|Apex|Liberty",
);
const orgNouns = words(
  "Systems|Solutions|Logistics|Energy|Capital|Health|Foods|Media|Analytics|Insurance|Software|Partners|Labs|Networks|Consulting|Industries|Data|Bank|Financial Services|Design",
);
const orgSuffixes = words("Inc|Inc.|LLC|Ltd|Ltd.|GmbH|AG|Corp.|Group|PLC|S.A.|B.V.|Holdings|and Sons|& Co");
const syllables = words(
  "zen|tri|lo|vex|data|num|ora|kin|net|wise|sig|flow|mon|gra|pixi|link|cor|ton|ly|fy|via|qua|base|ster|clo|ver",
);
const months = words("January|February|March|April|May|June|July|August|September|October|November|December");
const weekdays = words("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday");

const latin = /^[\p{Script=Latin}\p{M}\s'’.-]+$/u;
const faker = fakerNames();
const bySource = new Map<string, { first: string[]; last: string[] }>();
for (const kind of ["first", "last"] as const)
  for (const [name, sources] of faker[kind])
    for (const source of sources) {
      const lists = bySource.get(source) ?? { first: [], last: [] };
      lists[kind].push(name);
      bySource.set(source, lists);
    }
const origins = [...bySource].filter(([, { first, last }]) => first.length > 30 && last.length > 15);
const latinOrigins = origins.filter(([, { first, last }]) =>
  latin.test(first.slice(0, 5).join(" ") + last.slice(0, 5).join(" ")),
);
const english = origins.filter(([locale]) => locale === "en" || locale.startsWith("en_"));

const human = humanNames().filter((name) => name.length > 3 && /^[A-Z][a-z'-]+$/.test(name));
const places = cities()
  .filter(({ population }) => population > 3000)
  .map(({ name }) => name);
const large = cities()
  .filter(({ population }) => population > 300_000)
  .map(({ name }) => name);
const nations = [...new Set(countries(["en"]))];

/** Finds values for the slots of templates. `unlisted` names stand in no list that the lexicon is made from. */
export function createValues(random: Random, isListed: (name: string) => boolean) {
  const unlisted = human.filter((name) => !isListed(name));
  function origin() {
    const from = random.chance(0.3) ? english : random.chance(0.03) ? origins : latinOrigins;
    return random.pick(from)[1];
  }
  function first(from = origin()): string {
    return random.chance(0.2) ? random.pick(unlisted) : random.pick(from.first);
  }
  function last(from = origin()): string {
    return random.chance(0.3) ? random.pick(unlisted) : random.pick(from.last);
  }
  function initial(): string {
    return random.pick("ABCDEFGHIJKLMNOPRSTVW".split(""));
  }
  function name(): string {
    const from = origin();
    const kind = random.next();
    if (kind < 0.2) return first(from);
    if (kind < 0.3) return last(from);
    if (kind < 0.4) return `${first(from)} ${initial()}${random.chance(0.6) ? "." : ""} ${last(from)}`;
    if (kind < 0.43) return `${initial()}. ${last(from)}`;
    if (kind < 0.46) return `${first(from)} ${last(from)}-${last(from)}`;
    if (kind < 0.49)
      return `${first(from)} ${random.pick(["de", "van", "von", "da", "van der", "al", "di", "el"])} ${last(from)}`;
    if (kind < 0.53) return `${first(from)} ${first(from)} ${last(from)}`;
    return `${first(from)} ${last(from)}`;
  }
  function invented(): string {
    const word = Array.from({ length: 2 + random.below(2) }, () => random.pick(syllables)).join("");
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  function organisation(): string {
    const kind = random.next();
    if (kind < 0.12) return `${last()}-${last()}`;
    if (kind < 0.22) return `${last()}, ${last()} and ${last()}`;
    if (kind < 0.4) return `${last()} ${random.pick(orgSuffixes)}`;
    if (kind < 0.6) return `${random.pick(orgWords)} ${random.pick(orgNouns)}`;
    if (kind < 0.75) return invented();
    if (kind < 0.82) return `${invented()} ${random.pick([...orgSuffixes, ...orgNouns])}`;
    return random.pick(brands);
  }
  const slots: Record<string, () => string> = {
    name,
    first,
    last,
    initial,
    org: organisation,
    title: () => random.pick(titles),
    city: () => random.pick(random.chance(0.4) ? large : places),
    country: () => random.pick(nations),
    product: () => random.pick(products),
    brand: () => random.pick(brands),
    nationality: () => random.pick(nationalities),
    language: () => random.pick(languages),
    role: () => random.pick(roles),
    term: () => random.pick(terms),
    dish: () => random.pick(dishes),
    month: () => random.pick(months),
    weekday: () => random.pick(weekdays),
    year: () => String(1850 + random.below(175)),
    date: () =>
      random.chance(0.5)
        ? `${1 + random.below(28)} ${random.pick(months)} ${1990 + random.below(36)}`
        : `${1990 + random.below(36)}-0${1 + random.below(9)}-${10 + random.below(18)}`,
    amount: () => `$${1 + random.below(9000)}`,
    number: () => String(10000 + random.below(90000)),
    smallnumber: () => String(2 + random.below(90)),
    phone: () => `+1 ${200 + random.below(700)} 555 ${1000 + random.below(9000)}`,
    email: () => `${random.pick(syllables)}${random.below(1000)}@example.com`,
  };
  return (slot: string): string => {
    const make = slots[slot];
    if (make === undefined) throw new Error(`{${slot}} is no slot. There are: ${Object.keys(slots).join(", ")}.`);
    return make();
  };
}
