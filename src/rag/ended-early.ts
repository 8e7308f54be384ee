/** What an answer ends with that ended before its model did, in the language of the question. */

export type EarlyEnd = "length" | "content-filter";

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

const FILTERED: Record<string, string> = {
  eng: "The answer ends here because the content filter of the language model's provider stopped it. Ask in other words.",
  deu: "Die Antwort endet hier, weil der Inhaltsfilter des Sprachmodell-Anbieters sie angehalten hat. Fragen Sie mit anderen Worten.",
  fra: "La réponse s’arrête ici, car le filtre de contenu du fournisseur du modèle de langage l’a interrompue. Posez la question autrement.",
  spa: "La respuesta termina aquí porque el filtro de contenido del proveedor del modelo de lenguaje la ha detenido. Pregunte con otras palabras.",
  ita: "La risposta finisce qui perché il filtro dei contenuti del fornitore del modello linguistico l’ha fermata. Chieda con altre parole.",
  por: "A resposta termina aqui porque o filtro de conteúdo do fornecedor do modelo de linguagem a interrompeu. Pergunte com outras palavras.",
  nld: "Het antwoord eindigt hier omdat het inhoudsfilter van de aanbieder van het taalmodel het heeft gestopt. Vraag het met andere woorden.",
  rus: "Ответ заканчивается здесь: его остановил фильтр содержимого поставщика языковой модели. Спросите другими словами.",
  arb: "تنتهي الإجابة هنا لأن مرشّح المحتوى لدى مزوّد النموذج اللغوي أوقفها. اسأل بكلمات أخرى.",
  cmn: "回答到此为止，因为语言模型提供商的内容过滤器将其中断。请换个说法再问。",
  jpn: "言語モデル提供元のコンテンツフィルターによって回答はここで止められました。別の言葉でお尋ねください。",
};

const SENTENCES: Record<EarlyEnd, Record<string, string>> = { length: CUT_SHORT, "content-filter": FILTERED };

/** Whether a reply ended because it had to, with more to say. */
export function isEndedEarly(reason: string): reason is EarlyEnd {
  return Object.hasOwn(SENTENCES, reason);
}

/** `language` as ISO 639-3; English for one that Parley has no sentence in. */
export function endedEarlyText(why: EarlyEnd, language: string): string {
  return SENTENCES[why][language] ?? (SENTENCES[why].eng as string);
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
