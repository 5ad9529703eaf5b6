/** What a word says about a text: bits of one number, so that one look-up a word tells all. */
export const meanings = {
  question: 1 << 10,
  reasoning: 1 << 11,
  number: 1 << 12,
  /** Names a programming language or the like: the text is about a program. */
  code: 1 << 13,
  math: 1 << 14,
  /** `many` and `much`: behind `how` they ask for a quantity. */
  quantity: 1 << 15,
  /** A word of programming that other texts use too: several of them are about a program. */
  perhapsCode: 1 << 16,
} as const;

/** Languages that are told apart by their function words; the place in the list is the bit. At most ten. */
export const latinLanguages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr"] as const;
export const languageBits = (1 << latinLanguages.length) - 1;

/** Function words: frequent, short, and mostly of one language. */
const functionWords: Readonly<Record<(typeof latinLanguages)[number], string>> = {
  en: "a an the of and to is that it was for on are with as be at this have from or by not but what all were when we there can your which their if will do how about would could should i you my he she they has had does did why who please me into than then them some any each given write find tell give make use",
  de: "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde ich wir ihr bitte kann warum welche",
  fr: "le la les et des est un une du dans qui que pour pas au sur ne se ce il sont avec plus par je nous vous elle mais ou leur être cette ont aux comme fait été son ses mon quel comment pourquoi",
  es: "el la los las y que en un una es por con para como más se del lo su al pero sus ya o este sí porque esta entre cuando muy sin sobre también hasta hay donde quien qué cómo yo mi usted por favor dónde está hace tengo puedo nos",
  it: "il lo la gli e che di un una è per con non sono del della al dei nel le si come più anche ma se ho alla questo quando perché io mi tu delle degli cosa essere",
  pt: "o os as e que em um uma é por com não para como mais se do da dos das ao mas seu sua ou ser quando muito há nos já está eu também só pelo pela até isso você qual",
  nl: "de het een en van ik te dat die niet is op aan met als voor er maar om dan zou wat mijn dit zo door over ze bij ook tot uit hoe waarom welke kan naar heeft wordt zijn",
  pl: "i nie na się do to że jest a jak po co ale za od przez tak dla czy już być oraz jego ich który która które mnie są tylko może",
  sv: "och att det som en på är av för med till den har de inte om ett men var jag sig från vi så kan man när år eller hur vad detta hade nu blir",
  tr: "bir ve bu için de da ile çok ne daha gibi kadar ben sen o biz var ama mi mı en olan olarak değil her sonra nasıl neden",
};

const others: readonly [bits: number, words: string][] = [
  [
    meanings.question,
    "what why how when where which who whom whose was warum wie wann wo welche wer que quoi pourquoi comment quand où quel quelle qué cómo cuándo dónde cuál quién come quando perché dove quale porquê qual waarom hoe wanneer",
  ],
  [
    meanings.reasoning,
    "prove proof derive deduce infer explain analyze analyse analysis compare contrast evaluate evaluation assess critique design architect implement optimize optimise justify argue argument discuss debate develop propose outline compose craft strategy strategies plan reasoning rationale synthesize hypothesis hypothesize essay story blog poem persuasive screenplay imagine investigate troubleshoot diagnose debug refactor comprehensive implications tradeoffs algorithm beweise erkläre vergleiche analysiere expliquez comparez analysez démontrez explique compare analice demuestre",
  ],
  [
    meanings.number,
    "two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half twice double triple third quarter dozen",
  ],
  [
    meanings.code,
    "python javascript typescript java golang rust kotlin haskell sql html css bash regex c++ php numpy pandas async struct stdin stdout def elif printf println const",
  ],
  [
    meanings.math,
    "solve equation equations integral derivative probability theorem polynomial matrix matrices triangle percent percentage sqrt fraction multiply multiplied divide divided divisible sum perimeter area volume radius diameter angle average calculate compute ratio integer integers modulo prime vertices vertex subgroup ring group eigenvalue variance median gradient converge logarithm cosine velocity acceleration",
  ],
  [
    meanings.perhapsCode,
    "implement function functions method array arrays string strings integer boolean variable loop recursion recursive program script sorted node nodes binary algorithm algorithms api endpoint compile compiler json xml yaml csv",
  ],
  [meanings.quantity, "many much"],
];

/** What each word that we know means, in lower case. */
export const lexicon: ReadonlyMap<string, number> = build();

function build(): Map<string, number> {
  const words = new Map<string, number>();
  const add = (text: string, bits: number) => {
    for (const word of text.split(" ")) words.set(word, (words.get(word) ?? 0) | bits);
  };
  for (const [index, language] of latinLanguages.entries()) add(functionWords[language], 1 << index);
  for (const [bits, text] of others) add(text, bits);
  return words;
}
