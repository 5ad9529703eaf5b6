import { grouped, luhnDigit, mod11And10Digit, verhoeffDigit, weightedSum } from "./check-digits.ts";
import type { Random } from "./random.ts";

/** Makes a value that its country would give out, or undefined where no check digit exists for what was drawn. */
type Draw = (random: Random) => string | undefined;

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

function birth(random: Random): { yy: string; mm: string; dd: string } {
  return { yy: pad(55 + random.below(44), 2), mm: pad(1 + random.below(12), 2), dd: pad(1 + random.below(28), 2) };
}

function yymmdd(random: Random): string {
  const { yy, mm, dd } = birth(random);
  return yy + mm + dd;
}

function ddmmyy(random: Random): string {
  const { yy, mm, dd } = birth(random);
  return dd + mm + yy;
}

/** A check digit as 11 less the weighted sum, which must not be 10. */
function elevens(front: string, weights: readonly number[]): string | undefined {
  const check = (11 - (weightedSum(front, weights) % 11)) % 11;
  return check === 10 ? undefined : `${front}${check}`;
}

function descending(from: number): number[] {
  return Array.from({ length: from - 1 }, (_, at) => from - at);
}

/** Lithuania and Estonia. */
function baltic(random: Random): string {
  const front = `${3 + random.below(2)}${yymmdd(random)}${random.digits(3)}`;
  const first = weightedSum(front, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const second = weightedSum(front, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
  return `${front}${first < 10 ? first : second % 10}`;
}

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function italian(random: Random): string {
  const { yy, dd } = birth(random);
  const letters = random.letters(6, "BCDFGLMNPRSTVZ");
  const front = `${letters}${yy}${random.letters(1, "ABCDEHLMPRST")}${dd}${random.letters(1, "ABCDEFGHIL")}${pad(1 + random.below(998), 3)}`;
  let sum = 0;
  [...front].forEach((character, at) => {
    const value = Number.parseInt(character, 36);
    const index = value > 9 ? value - 10 : value;
    sum += at % 2 === 0 ? (oddValues[index] ?? 0) : index;
  });
  return front + String.fromCharCode(65 + (sum % 26));
}

function german(random: Random): string {
  const left = [..."0123456789"];
  const front: string[] = [];
  while (front.length < 9)
    front.push(...left.splice(front.length === 0 ? 1 + random.below(9) : random.below(left.length), 1));
  front.splice(3 + random.below(6), 0, front[random.below(3)] ?? "1");
  return front.join("") + mod11And10Digit(front.join(""));
}

function mexican(random: Random): string {
  const front = `${random.letters(1, "BCDFG")}${random.pick(["A", "E", "I"])}${random.letters(2, "LMNPRST")}${yymmdd(random)}${random.pick(["H", "M"])}${random.pick(["DF", "JC", "NL"])}${random.letters(3, "BCDFGLMNPRST")}${random.below(10)}`;
  const alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
  const sum = [...front].reduce((total, character, at) => total + (18 - at) * alphabet.indexOf(character), 0);
  return `${front}${(10 - (sum % 10)) % 10}`;
}

function norwegian(random: Random): string | undefined {
  const front = elevens(`${ddmmyy(random)}${pad(random.below(500), 3)}`, [3, 7, 6, 1, 8, 9, 4, 5, 2]);
  return front && elevens(front, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
}

/** By the ids of `national-id-formats.ts`, as they are most often written. */
export const nationalIdValues: Readonly<Record<string, Draw>> = {
  "us-ssn": (r) =>
    `${r.pick(["123", "219", "451", "536", "612", "733"])}-${pad(1 + r.below(99), 2)}-${pad(1 + r.below(9999), 4)}`,
  "us-itin": (r) => `9${r.digits(2)}-7${r.digits(1)}-${r.digits(4)}`,
  "ca-sin": (r) => {
    const front = `${1 + r.below(7)}${r.digits(7)}`;
    return grouped(front + luhnDigit(front), [3, 3, 3], r.pick([" ", "-"]));
  },
  "mx-curp": mexican,
  "br-cpf": (r) => {
    const front = r.digits(9);
    const first = ((weightedSum(front, descending(10)) * 10) % 11) % 10;
    const second = ((weightedSum(`${front}${first}`, descending(11)) * 10) % 11) % 10;
    return `${grouped(front, [3, 3, 3], ".")}-${first}${second}`;
  },
  "cl-run": (r) => {
    const front = `${1 + r.below(2)}${r.digits(7)}`;
    const check = "0K987654321".charAt(weightedSum(front, [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
    return `${grouped(front, [2, 3, 3], ".")}-${check}`;
  },
  "ar-cuil": (r) => {
    const value = elevens(`${r.pick(["20", "23", "27"])}${r.digits(8)}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    return value && grouped(value, [2, 8, 1], "-");
  },
  "gb-nino": (r) => {
    const value = `${r.letters(1, "ABCEHJLMPRSTWX")}${r.letters(1, "ABCEHJLMPRSTWX")}${r.digits(6)}${r.letters(1, "ABCD")}`;
    return r.pick([value, grouped(value, [2, 2, 2, 2, 1], " ")]);
  },
  "gb-nhs": (r) => {
    const value = elevens(`4${r.digits(8)}`, descending(10));
    return value && grouped(value, [3, 3, 4], r.pick([" ", "-"]));
  },
  "ie-pps": (r) => {
    const front = r.digits(7);
    return `${front}${"WABCDEFGHIJKLMNOPQRSTUV".charAt(weightedSum(front, descending(8)) % 23)}`;
  },
  "fr-nir": (r) => {
    const { yy, mm } = birth(r);
    const front = `${1 + r.below(2)}${yy}${mm}${pad(1 + r.below(95), 2)}${pad(1 + r.below(900), 3)}${pad(1 + r.below(999), 3)}`;
    const value = `${front}${pad(97 - Number(BigInt(front) % 97n), 2)}`;
    return r.pick([value, grouped(value, [1, 2, 2, 2, 3, 3, 2], " ")]);
  },
  "es-dni": (r) => {
    const front = r.digits(8);
    return `${front}${r.pick(["", "-"])}${"TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(front) % 23)}`;
  },
  "es-nie": (r) => {
    const series = r.below(3);
    const front = r.digits(7);
    return `${"XYZ".charAt(series)}${front}${"TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(`${series}${front}`) % 23)}`;
  },
  "it-codice-fiscale": italian,
  "pt-nif": (r) => {
    const front = `2${r.digits(7)}`;
    const check = 11 - (weightedSum(front, descending(9)) % 11);
    return grouped(`${front}${check > 9 ? 0 : check}`, [3, 3, 3], r.pick(["", " "]));
  },
  "nl-bsn": (r) => {
    const front = `1${r.digits(7)}`;
    const check = weightedSum(front, descending(9)) % 11;
    return check === 10 ? undefined : `${front}${check}`;
  },
  "be-nn": (r) => {
    const front = `${yymmdd(r)}${pad(1 + r.below(997), 3)}`;
    const check = pad(97 - (Number(front) % 97), 2);
    return r.pick([`${front}${check}`, `${grouped(front, [2, 2, 2], ".")}-${front.slice(6)}.${check}`]);
  },
  "de-steuer-id": (r) => grouped(german(r), [2, 3, 3, 3], r.pick(["", " "])),
  "de-svnr": (r) => {
    const letter = r.letters(1, "ABCDEFGHKLMPRSTW");
    const front = `${10 + r.below(10)}${ddmmyy(r)}`;
    const serial = r.digits(2);
    const all = `${front}${pad(letter.charCodeAt(0) - 64, 2)}${serial}`;
    const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    const sum = weights.reduce((total, weight, at) => {
      const product = weight * Number(all[at]);
      return total + Math.floor(product / 10) + (product % 10);
    }, 0);
    return `${front}${letter}${serial}${sum % 10}`;
  },
  "at-svnr": (r) => {
    const front = `${1 + r.below(9)}${r.digits(2)}`;
    const date = ddmmyy(r);
    const check = weightedSum(front + date, [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11;
    return check === 10 ? undefined : `${front}${check} ${date}`;
  },
  "ch-ahv": (r) => {
    const front = `756${r.digits(9)}`;
    const check = (10 - (weightedSum(front, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10;
    return grouped(`${front}${check}`, [3, 4, 4, 2], ".");
  },
  "se-personnummer": (r) => {
    const date = yymmdd(r);
    const serial = r.digits(3);
    return `${r.pick(["", "19"])}${date}-${serial}${luhnDigit(date + serial)}`;
  },
  "fi-hetu": (r) => {
    const date = ddmmyy(r);
    const serial = pad(2 + r.below(897), 3);
    return `${date}-${serial}${"0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(Number(date + serial) % 31)}`;
  },
  "dk-cpr": (r) => `${ddmmyy(r)}-${r.below(4)}${pad(1 + r.below(998), 3)}`,
  "no-fodselsnummer": norwegian,
  "is-kennitala": (r) => {
    const value = elevens(`${ddmmyy(r)}${20 + r.below(80)}`, [3, 2, 7, 6, 5, 4, 3, 2]);
    return value && `${value.slice(0, 6)}-${value.slice(6)}9`;
  },
  "pl-pesel": (r) => {
    const front = `${yymmdd(r)}${r.digits(4)}`;
    return `${front}${(10 - (weightedSum(front, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`;
  },
  "cz-rodne-cislo": (r) => {
    const date = yymmdd(r);
    const serial = r.digits(3);
    const check = Number(date + serial) % 11;
    return check === 10 ? undefined : `${date}/${serial}${check}`;
  },
  "ro-cnp": (r) => {
    const front = `${1 + r.below(2)}${yymmdd(r)}${pad(1 + r.below(40), 2)}${pad(1 + r.below(998), 3)}`;
    const check = weightedSum(front, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    return `${front}${check === 10 ? 1 : check}`;
  },
  "bg-egn": (r) => {
    const front = `${yymmdd(r)}${r.digits(3)}`;
    return `${front}${(weightedSum(front, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10}`;
  },
  "hr-oib": (r) => {
    const front = r.digits(10);
    return front + mod11And10Digit(front);
  },
  "lt-asmens-kodas": baltic,
  "ee-isikukood": baltic,
  "gr-amka": (r) => {
    const front = `${ddmmyy(r)}${r.digits(4)}`;
    return front + luhnDigit(front);
  },
  "tr-kimlik": (r) => {
    const front = `${1 + r.below(9)}${r.digits(8)}`;
    const tenth = (weightedSum(front, [7, -1, 7, -1, 7, -1, 7, -1, 7]) + 100) % 10;
    return `${front}${tenth}${weightedSum(`${front}${tenth}`, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10}`;
  },
  "ru-snils": (r) => {
    const front = `1${r.digits(8)}`;
    return `${grouped(front, [3, 3, 3], "-")} ${pad((weightedSum(front, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100, 2)}`;
  },
  "ru-inn": (r) => {
    const front = `77${r.digits(8)}`;
    const first = (weightedSum(front, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
    return `${front}${first}${(weightedSum(`${front}${first}`, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10}`;
  },
  "in-aadhaar": (r) => {
    const front = `${2 + r.below(8)}${r.digits(10)}`;
    return grouped(front + verhoeffDigit(front), [4, 4, 4], r.pick([" ", "-"]));
  },
  "in-pan": (r) => `${r.letters(3)}P${r.letters(1)}${pad(1 + r.below(9998), 4)}${r.letters(1)}`,
  "cn-resident-id": (r) => {
    const front = `110101${19}${yymmdd(r)}${pad(1 + r.below(998), 3)}`;
    const sum = weightedSum(front, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    return front + "10X98765432".charAt(sum % 11);
  },
  "kr-rrn": (r) => {
    const date = yymmdd(r);
    const serial = `${1 + r.below(2)}${pad(r.below(90), 2)}${r.digits(3)}`;
    const sum = weightedSum(date + serial, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    return `${date}-${serial}${(11 - (sum % 11)) % 10}`;
  },
  "tw-national-id": (r) => {
    const letter = r.letters(1, "ABCDEFGH");
    const front = `${letter.charCodeAt(0) - 55}${1 + r.below(2)}${r.digits(7)}`;
    const check = (10 - (weightedSum(front, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10;
    return `${letter}${front.slice(2)}${check}`;
  },
  "hk-hkid": (r) => {
    const letter = r.letters(1, "ABCDEFGHK");
    const front = r.digits(6);
    const sum = 36 * 9 + (letter.charCodeAt(0) - 55) * 8 + weightedSum(front, descending(7));
    return `${letter}${front}(${"0123456789A".charAt((11 - (sum % 11)) % 11)})`;
  },
  "sg-nric": (r) => {
    const front = r.digits(7);
    return `S${front}${"JZIHGFEDCBA".charAt(weightedSum(front, [2, 7, 6, 5, 4, 3, 2]) % 11)}`;
  },
  "my-nric": (r) => `${yymmdd(r)}-${pad(1 + r.below(14), 2)}-${r.digits(4)}`,
  "th-id": (r) => {
    const front = `${1 + r.below(7)}${r.digits(11)}`;
    return grouped(`${front}${(11 - (weightedSum(front, descending(13)) % 11)) % 10}`, [1, 4, 5, 2, 1], "-");
  },
  "jp-my-number": (r) => {
    const front = r.digits(11);
    const rest = weightedSum(front, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    return `${front}${rest <= 1 ? 0 : 11 - rest}`;
  },
  "id-nik": (r) => `327${1 + r.below(8)}${pad(1 + r.below(30), 2)}${ddmmyy(r)}${pad(1 + r.below(900), 4)}`,
  "pk-cnic": (r) => `${1 + r.below(7)}${r.digits(4)}-${r.digits(7)}-${1 + r.below(9)}`,
  "il-id": (r) => {
    const front = `0${1 + r.below(9)}${r.digits(6)}`;
    return front + luhnDigit(front);
  },
  "ae-emirates-id": (r) => {
    const front = `78419${pad(55 + r.below(44), 2)}${r.digits(7)}`;
    return grouped(front + luhnDigit(front), [3, 4, 7, 1], "-");
  },
  "za-id": (r) => {
    const front = `${yymmdd(r)}${r.digits(4)}08`;
    return front + luhnDigit(front);
  },
  "au-tfn": (r) => {
    const front = `1${r.digits(7)}`;
    const last = [..."0123456789"].find((digit) => weightedSum(front + digit, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0);
    return last && grouped(front + last, [3, 3, 3], " ");
  },
  "au-medicare": (r) => {
    const front = `${2 + r.below(5)}${r.digits(7)}`;
    const value = `${front}${weightedSum(front, [1, 3, 7, 9, 1, 3, 7, 9]) % 10}${1 + r.below(9)}`;
    return grouped(value, [4, 5, 1], " ");
  },
  "nz-ird": (r) => {
    const value = elevens(`0${4 + r.below(5)}${r.digits(6)}`, [3, 2, 7, 6, 5, 4, 3, 2]);
    return value && grouped(value.slice(1), [2, 3, 3], "-");
  },
};

/** A value of the format. Throws if none was drawn in many tries. */
export function drawNationalId(id: string, random: Random): string {
  for (let tries = 0; tries < 50; tries += 1) {
    const value = nationalIdValues[id]?.(random);
    if (value !== undefined) return value;
  }
  throw new Error(`no value of ${id}`);
}

const spoilt: Readonly<Record<string, (value: string) => string>> = {
  // What people call an SSN is one, so only the form can be wrong.
  "us-ssn": (value) => value.slice(0, -1),
  "us-itin": (value) => `${value.slice(0, 4)}93${value.slice(6)}`,
  "gb-nino": (value) => `BG${value.slice(2)}`,
  "at-svnr": (value) => bump(value, 3),
  "dk-cpr": (value) => `32${value.slice(2)}`,
  "in-pan": (value) => `${value.slice(0, 3)}Z${value.slice(4)}`,
  "my-nric": (value) => `${value.slice(0, 2)}13${value.slice(4)}`,
  "id-nik": (value) => `${value.slice(0, 8)}13${value.slice(10)}`,
  "pk-cnic": (value) => `0${value.slice(1)}`,
  "au-medicare": (value) => bump(value, 9),
  "hk-hkid": (value) => bump(value, 8),
  "is-kennitala": (value) => bump(value, 9),
};

/** The value with a check digit that is one too high, or, without check digits, in a range that is not given out. */
export function spoilNationalId(id: string, value: string): string {
  return spoilt[id]?.(value) ?? bump(value, value.length - 1);
}

function bump(value: string, at: number): string {
  const character = value.charAt(at);
  const next = /\d/.test(character)
    ? String((Number(character) + 1) % 10)
    : character === "Z"
      ? "A"
      : String.fromCharCode(character.charCodeAt(0) + 1);
  return value.slice(0, at) + next + value.slice(at + 1);
}
