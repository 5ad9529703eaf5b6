import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { createRandom } from "./random.ts";

const numericSentences = [
  "Date of birth: {}",
  "DOB {}",
  "born {}",
  "She was born on {} in Leeds",
  "geb. {} in Köln",
  "Geburtsdatum: {}",
  "né le {}",
  "née le {} à Lyon",
  "Date de naissance : {}",
  "Fecha de nacimiento: {}",
  "nacido el {}",
  "nato il {} a Roma",
  "Data di nascita: {}",
  "data de nascimento: {}",
  "geboortedatum {}",
  "ur. {}",
  "Data urodzenia: {}",
  "född {}",
  "født {}",
  "Syntymäaika: {}",
  "дата рождения: {}",
  "родился {}",
  '{"dateOfBirth":"{}"}',
  '{"dob": "{}"}',
  "{} is my birthday",
  "birth_date={}",
  "doğum tarihi {}",
  "出生日期: {}",
  "datum narození: {}",
];

const written = [
  "born on ⟦March 12, 1984⟧",
  "born ⟦12 March 1984⟧ in York",
  "Date of birth: ⟦12th of March, 1984⟧",
  "DOB: ⟦12-Mar-1984⟧",
  "DOB ⟦Mar 12 1984⟧",
  "geboren am ⟦12. März 1984⟧",
  "geb. ⟦1. Januar 1990⟧",
  "née le ⟦12 mars 1984⟧",
  "né le ⟦1er août 1970⟧",
  "nacida el ⟦12 de marzo de 1984⟧",
  "nascido em ⟦3 de fevereiro de 2001⟧",
  "nata il ⟦12 agosto 1984⟧",
  "geboren op ⟦5 mei 1984⟧",
  "urodzony ⟦12 marca 1984⟧",
  "född den ⟦12 maj 1984⟧",
  "родился ⟦12 марта 1984⟧",
  "生年月日: ⟦1984年3月12日⟧",
  "출생 생년월일 ⟦1984년 3월 12일⟧",
  "birthday: ⟦1984 March 12⟧",
  "syntynyt ⟦12. maaliskuuta 1984⟧",
  "My birthday is ⟦September 3rd, 1991⟧.",
  "born ⟦12 Mar '84⟧",
  "DOB ⟦19840312⟧",
  "birth date ⟦Dec. 1, 1999⟧",
];

const nearMisses = [
  "born in 1984",
  "the birth of the nation",
  "The shop opens on 12.03.2024",
  "He died on 12 March 1984",
  "Her birthday is soon",
  "born to run at 12:30",
  "version 12.03.84",
  "born 45.13.1984",
  "she was born 3 weeks early",
  "a newborn weighs 3.5 kg",
  "married on 12/03/1984",
  "due date 2024-05-01",
  "invoice of 12.03.2024",
  "the meeting of May 5, 2021",
  "expires 12/27",
  "2024-05-01T12:00:00Z",
  "from 1984-03-12 on",
  "birth rate 12.3 per 1000",
];

export function dateOfBirthFixture(): Fixture {
  const random = createRandom(23);
  const pad = (value: number) => String(value).padStart(2, "0");
  const date = (at: number) => {
    const year = 1930 + random.below(85);
    const month = pad(1 + random.below(12));
    const day = pad(1 + random.below(28));
    const forms = [
      `${day}.${month}.${year}`,
      `${year}-${month}-${day}`,
      `${day}/${month}/${year}`,
      `${month}/${day}/${year}`,
      `${day}-${month}-${year}`,
      `${Number(day)}.${Number(month)}.${pad(year % 100)}`,
    ];
    return forms[at % forms.length] ?? "";
  };
  return {
    positives: [...fillMarked(numericSentences, times(116, date)), ...written],
    nearMisses: [
      ...nearMisses,
      ...fill(
        [
          "Your appointment is on {}",
          "delivered {}",
          "Order of {}",
          "The contract was signed {}",
          "{}",
          "updated {}",
          "Rechnung vom {}",
          "valid until {}",
          "She died {}",
          "log {} INFO",
          "réunion du {}",
        ],
        times(100, date),
      ),
    ],
  };
}
