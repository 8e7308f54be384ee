/** What an answer ends with when it was cut, in the language of the question. */

const CUT_SHORT: Record<string, string> = {
  eng: "The answer was cut off here because it got too long. Ask for a part of it to read on.",
  deu: "Die Antwort wurde hier abgeschnitten, weil sie zu lang geworden ist. Fragen Sie nach einem Teil davon, um weiterzulesen.",
  fra: "La réponse a été coupée ici, car elle devenait trop longue. Demandez-en une partie pour lire la suite.",
  spa: "La respuesta se ha cortado aquí porque era demasiado larga. Pregunte por una parte para seguir leyendo.",
  ita: "La risposta è stata interrotta qui perché era troppo lunga. Chieda una parte per continuare a leggere.",
  por: "A resposta foi cortada aqui por ser longa demais. Peça uma parte dela para continuar a ler.",
  nld: "Het antwoord is hier afgebroken omdat het te lang werd. Vraag naar een deel ervan om verder te lezen.",
  rus: "Ответ обрезан здесь, потому что оказался слишком длинным. Спросите о его части, чтобы прочитать дальше.",
  arb: "قُطعت الإجابة هنا لأنها طويلة جدًا. اسأل عن جزء منها لمتابعة القراءة.",
  cmn: "回答过长，已在此处截断。请就其中一部分提问以继续阅读。",
  jpn: "回答が長すぎるため、ここで打ち切られました。続きは一部分についてお尋ねください。",
};

/** `language` as ISO 639-3; English for one that Parley has no sentence in. */
export function cutShortText(language: string): string {
  return CUT_SHORT[language] ?? (CUT_SHORT.eng as string);
}

/** As much of `text` as fits into so many bytes of UTF-8, in whole characters. */
export function withinBytes(text: string, bytes: number): string {
  if (bytes <= 0) return "";
  // No character of UTF-16 takes more than three bytes.
  if (text.length * 3 <= bytes) return text;
  const encoded = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text, encoded);
  return text.slice(0, read);
}
