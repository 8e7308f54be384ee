/** What Parley says before several answers, in the language of the question, and how one of them is asked for. */

type Sayings = { differ: string; depends: string };

/** By ISO 639-3 code. */
const SAYINGS: Record<string, Sayings> = {
  eng: { differ: "The documents say different things about this:", depends: "That depends on the case:" },
  deu: { differ: "Die Dokumente sagen dazu Verschiedenes:", depends: "Das hängt vom Fall ab:" },
  fra: {
    differ: "Les documents disent des choses différentes à ce sujet :",
    depends: "Cela dépend du cas :",
  },
  spa: { differ: "Los documentos dicen cosas distintas al respecto:", depends: "Eso depende del caso:" },
  ita: { differ: "I documenti dicono cose diverse al riguardo:", depends: "Dipende dal caso:" },
  por: { differ: "Os documentos dizem coisas diferentes sobre isto:", depends: "Isso depende do caso:" },
  nld: {
    differ: "De documenten zeggen hierover verschillende dingen:",
    depends: "Dat hangt van het geval af:",
  },
  rus: { differ: "В документах об этом сказано по-разному:", depends: "Это зависит от случая:" },
  arb: { differ: "تذكر المستندات أمورًا مختلفة حول هذا:", depends: "يعتمد ذلك على الحالة:" },
  cmn: { differ: "各文档对此的说法不同：", depends: "这取决于具体情况：" },
  jpn: { differ: "これについては文書によって記載が異なります：", depends: "場合によって異なります：" },
};

/** `language` as ISO 639-3; English for one that Parley has no sentence in. */
export function choiceText(language: string, kind: keyof Sayings): string {
  return (SAYINGS[language] ?? (SAYINGS.eng as Sayings))[kind];
}

/** The question with what it left open: "What is the notice period (France)?" */
export function withChoice(question: string, label: string): string {
  const [, asked = "", end = ""] = /^(.*?)\s*([?？؟!.。]*)\s*$/su.exec(question) ?? [];
  return `${asked} (${label})${end}`;
}
