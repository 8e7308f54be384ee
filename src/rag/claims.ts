/** Whether a sentence says of itself that it is from the documents, in any language that Parley answers in. */

const BY = [
  "according to|as (?:stated|described|mentioned|set out|written) in|based on|laut|gemäß|nach|selon|d['’]après",
  "conformément à|según|de acuerdo con|conforme|secondo|in base a|segundo|de acordo com|volgens|op basis van",
  "согласно|в соответствии с|по данным|وفق\\p{L}*|بحسب|حسب|根据|依据|按照",
].join("|");
const PAPERS = [
  "documents?|documentation|passages?|sources?|handbook|manual|polic(?:y|ies)|guidelines?|dokument\\p{L}*",
  "unterlagen|quellen?|handbuch|richtlinien?|textstellen?|manuel|guide|règlement|documentos?|fuentes?|manual|guía",
  "documenti|documento|fonti|manuale|fontes?|documenten|bronnen|handboek|документ\\p{L}*|источник\\p{L}*|руководств\\p{L}*",
  "(?:ال|لل|ل)?(?:وثائق|مستندات|مصادر|وثيقة|مستند)|文件|文档|资料|手册|来源|文書|資料|マニュアル|ドキュメント",
].join("|");
const SAY =
  "says?|states?|mentions?|specif(?:y|ies)|steht|heißt es|besagen|zufolge|indiquent|précisent|dicen|indican|dicono|dizem|zeggen|によると|によれば|に基づ";

const SAYS_SO = new RegExp(
  `(?<!\\p{L})(?:${BY})[^.!?。]{0,25}?(?:${PAPERS})|(?:${PAPERS})\\s?(?:${SAY})`,
  "iu",
);

export function claimsTheDocuments(sentence: string): boolean {
  return SAYS_SO.test(sentence);
}
