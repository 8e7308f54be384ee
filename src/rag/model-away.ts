/** What an answer ends with that is quoted because no model could write it, in the language of the question. */

const SENTENCES: Record<string, string> = {
  eng: "The language model is not available at the moment. Until it is back, Parley quotes the documents word for word.",
  deu: "Das Sprachmodell ist im Moment nicht verfügbar. Bis es wieder da ist, zitiert Parley die Dokumente wörtlich.",
  fra: "Le modèle de langage n’est pas disponible pour le moment. Jusqu’à son retour, Parley cite les documents mot pour mot.",
  spa: "El modelo de lenguaje no está disponible en este momento. Hasta que vuelva, Parley cita los documentos palabra por palabra.",
  ita: "Il modello linguistico al momento non è disponibile. Finché non torna, Parley cita i documenti parola per parola.",
  por: "O modelo de linguagem não está disponível neste momento. Até voltar, o Parley cita os documentos palavra por palavra.",
  nld: "Het taalmodel is op dit moment niet beschikbaar. Tot het terug is, citeert Parley de documenten woordelijk.",
  rus: "Языковая модель сейчас недоступна. Пока она не вернётся, Parley дословно цитирует документы.",
  arb: "النموذج اللغوي غير متاح حاليًا. إلى أن يعود، يقتبس Parley من المستندات حرفيًا.",
  cmn: "语言模型目前不可用。在其恢复之前，Parley 将逐字引用文档内容。",
  jpn: "言語モデルは現在利用できません。復旧するまで、Parley は文書をそのまま引用してお答えします。",
};

/** `language` as ISO 639-3; English for one that Parley has no sentence in. */
export function modelAwayText(language: string): string {
  return SENTENCES[language] ?? (SENTENCES.eng as string);
}
