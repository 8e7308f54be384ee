/** Small numbers that are written out, from two on: "one" is an article in half of the languages. Folded. */
const FROM_TWO = [
  "two three four five six seven eight nine ten eleven twelve",
  "zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
  "deux trois quatre cinq six sept huit neuf dix onze douze",
  "dos tres cuatro cinco seis siete ocho nueve diez once doce",
  "due tre quattro cinque sei sette otto nove dieci undici dodici",
  "dois tres quatro cinco seis sete oito nove dez onze doze",
  "twee drie vier vijf zes zeven acht negen tien elf twaalf",
  "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
];

/** "six" is the same in two of them, and no word is two numbers. */
const NUMBER_OF = new Map(
  FROM_TWO.flatMap((line) => line.split(" ").map((word, place) => [word, place + 2] as const)),
);

export function numberOfWord(folded: string): number | null {
  return NUMBER_OF.get(folded) ?? null;
}
