/** What Parley says when it found nothing, in the language of the question. */

const ABSTENTIONS: Record<string, string> = {
  eng: "I could not find an answer to that in the documents I have. Try other words, or ask a person.",
  deu: "Dazu habe ich in den vorhandenen Dokumenten keine Antwort gefunden. Versuchen Sie es mit anderen Worten oder fragen Sie eine Person.",
  fra: "Je n’ai pas trouvé de réponse à cette question dans les documents dont je dispose. Essayez avec d’autres mots ou demandez à une personne.",
  spa: "No he encontrado una respuesta a eso en los documentos que tengo. Pruebe con otras palabras o pregunte a una persona.",
  ita: "Non ho trovato una risposta nei documenti a mia disposizione. Provi con altre parole o chieda a una persona.",
  por: "Não encontrei resposta para isso nos documentos que tenho. Tente com outras palavras ou pergunte a uma pessoa.",
  nld: "Ik heb daar in de beschikbare documenten geen antwoord op gevonden. Probeer het met andere woorden of vraag het aan iemand.",
  rus: "В имеющихся документах я не нашёл ответа на этот вопрос. Попробуйте спросить другими словами или обратитесь к сотруднику.",
  arb: "لم أجد إجابة عن ذلك في المستندات المتاحة لدي. جرّب كلمات أخرى أو اسأل أحد الموظفين.",
  cmn: "我在现有文档中没有找到答案。请换个说法再试，或咨询工作人员。",
  jpn: "手元の文書には該当する回答が見つかりませんでした。別の言葉で試すか、担当者にお尋ねください。",
};

/** `language` as ISO 639-3; English for one that Parley has no sentence in. */
export function abstentionText(language: string): string {
  return ABSTENTIONS[language] ?? (ABSTENTIONS.eng as string);
}
