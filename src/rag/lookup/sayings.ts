/** What Parley says around a look-up, in every language of the product. By ISO 639-3 code. */

export type LookupSayings = {
  /** The look-up gave no rows. */
  nothing(label: string): string;
  /** Not all values are known. */
  offered(label: string): string;
  /** It was filled in with something that does not fit. */
  refused(label: string): string;
  failed(label: string): string;
  /** Only so many rows are shown. */
  more(shown: number): string;
};

const SAYINGS: Record<string, LookupSayings> = {
  eng: {
    nothing: (label) => `“${label}” has nothing on this.`,
    offered: (label) => `I can look this up: **${label}**. Tell me the rest, and I will.`,
    refused: (label) => `“${label}” does not take this.`,
    failed: (label) => `I could not look up “${label}” just now. Try again in a little while.`,
    more: (shown) => `The first ${shown} rows; there are more.`,
  },
  deu: {
    nothing: (label) => `„${label}“ enthält dazu nichts.`,
    offered: (label) => `Das kann ich nachschlagen: **${label}**. Ergänzen Sie die fehlenden Angaben.`,
    refused: (label) => `„${label}“ nimmt diese Angabe nicht an.`,
    failed: (label) =>
      `„${label}“ konnte gerade nicht nachgeschlagen werden. Versuchen Sie es gleich noch einmal.`,
    more: (shown) => `Die ersten ${shown} Zeilen; es gibt weitere.`,
  },
  fra: {
    nothing: (label) => `« ${label} » ne contient rien à ce sujet.`,
    offered: (label) => `Je peux le chercher : **${label}**. Indiquez ce qui manque.`,
    refused: (label) => `« ${label} » n’accepte pas cette valeur.`,
    failed: (label) => `« ${label} » n’a pas pu être consulté. Réessayez dans un instant.`,
    more: (shown) => `Les ${shown} premières lignes ; il y en a d’autres.`,
  },
  spa: {
    nothing: (label) => `«${label}» no contiene nada sobre esto.`,
    offered: (label) => `Puedo consultarlo: **${label}**. Indique lo que falta.`,
    refused: (label) => `«${label}» no admite este valor.`,
    failed: (label) => `No se ha podido consultar «${label}». Inténtelo de nuevo en un momento.`,
    more: (shown) => `Las primeras ${shown} filas; hay más.`,
  },
  ita: {
    nothing: (label) => `«${label}» non contiene nulla in merito.`,
    offered: (label) => `Posso consultarlo: **${label}**. Indichi ciò che manca.`,
    refused: (label) => `«${label}» non accetta questo valore.`,
    failed: (label) => `Non è stato possibile consultare «${label}». Riprovi tra poco.`,
    more: (shown) => `Le prime ${shown} righe; ce ne sono altre.`,
  },
  por: {
    nothing: (label) => `“${label}” não tem nada sobre isto.`,
    offered: (label) => `Posso consultar: **${label}**. Indique o que falta.`,
    refused: (label) => `“${label}” não aceita este valor.`,
    failed: (label) => `Não foi possível consultar “${label}”. Tente de novo daqui a pouco.`,
    more: (shown) => `As primeiras ${shown} linhas; há mais.`,
  },
  nld: {
    nothing: (label) => `‘${label}’ bevat hier niets over.`,
    offered: (label) => `Dat kan ik opzoeken: **${label}**. Vul aan wat ontbreekt.`,
    refused: (label) => `‘${label}’ neemt deze waarde niet aan.`,
    failed: (label) => `‘${label}’ kon nu niet worden opgezocht. Probeer het zo nog eens.`,
    more: (shown) => `De eerste ${shown} rijen; er zijn er meer.`,
  },
  rus: {
    nothing: (label) => `В «${label}» об этом ничего нет.`,
    offered: (label) => `Я могу это посмотреть: **${label}**. Укажите недостающее.`,
    refused: (label) => `«${label}» не принимает это значение.`,
    failed: (label) => `Сейчас не удалось посмотреть «${label}». Попробуйте чуть позже.`,
    more: (shown) => `Первые ${shown} строк; есть и другие.`,
  },
  arb: {
    nothing: (label) => `لا يوجد في «${label}» شيء عن هذا.`,
    offered: (label) => `يمكنني البحث عن ذلك: **${label}**. أكمل ما ينقص.`,
    refused: (label) => `لا يقبل «${label}» هذه القيمة.`,
    failed: (label) => `تعذر البحث في «${label}» الآن. حاول مرة أخرى بعد قليل.`,
    more: (shown) => `أول ${shown} صفوف؛ وهناك المزيد.`,
  },
  cmn: {
    nothing: (label) => `“${label}”中没有相关内容。`,
    offered: (label) => `我可以查询：**${label}**。请补充其余信息。`,
    refused: (label) => `“${label}”不接受这个值。`,
    failed: (label) => `暂时无法查询“${label}”，请稍后再试。`,
    more: (shown) => `仅显示前 ${shown} 行，还有更多。`,
  },
  jpn: {
    nothing: (label) => `「${label}」には該当するものがありません。`,
    offered: (label) => `お調べできます：**${label}**。残りの項目を入力してください。`,
    refused: (label) => `「${label}」ではこの値を使えません。`,
    failed: (label) => `「${label}」を今は調べられませんでした。少し後でもう一度お試しください。`,
    more: (shown) => `最初の ${shown} 行です。ほかにもあります。`,
  },
};

export function lookupSayings(language: string): LookupSayings {
  return SAYINGS[language] ?? (SAYINGS.eng as LookupSayings);
}
