/** What cards and tables say, in every language of the panel: only whoever sees one loads it. */
const en = {
  firstRows: "The first {count} rows",
  noRows: "No rows",
  yes: "yes",
  no: "no",
  confirm: "Confirm",
  decline: "Decline",
  confirmBy: "Nothing happens before you confirm. Possible until {time}.",
  confirmed: {
    pending_confirmation: "",
    started: "Being done…",
    done: "Done",
    failed: "Failed",
    unknown: "It is not known whether this was done",
    declined: "Declined",
    expired: "Not confirmed in time. Ask again.",
  },
  lookUp: "Look it up",
};

export type CardWords = typeof en;

const WORDS: Record<string, CardWords> = {
  en,
  de: {
    firstRows: "Die ersten {count} Zeilen",
    noRows: "Keine Zeilen",
    yes: "ja",
    no: "nein",
    confirm: "Bestätigen",
    decline: "Ablehnen",
    confirmBy: "Bis Sie bestätigen, geschieht nichts. Möglich bis {time}.",
    confirmed: {
      pending_confirmation: "",
      started: "Wird ausgeführt…",
      done: "Erledigt",
      failed: "Fehlgeschlagen",
      unknown: "Es ist nicht bekannt, ob dies ausgeführt wurde",
      declined: "Abgelehnt",
      expired: "Nicht rechtzeitig bestätigt. Fragen Sie noch einmal.",
    },
    lookUp: "Nachschlagen",
  },
  fr: {
    firstRows: "Les {count} premières lignes",
    noRows: "Aucune ligne",
    yes: "oui",
    no: "non",
    confirm: "Confirmer",
    decline: "Refuser",
    confirmBy: "Rien ne se passe avant votre confirmation. Possible jusqu’à {time}.",
    confirmed: {
      pending_confirmation: "",
      started: "En cours…",
      done: "Fait",
      failed: "Échec",
      unknown: "On ne sait pas si cela a été fait",
      declined: "Refusé",
      expired: "Non confirmé à temps. Redemandez.",
    },
    lookUp: "Rechercher",
  },
  es: {
    firstRows: "Las primeras {count} filas",
    noRows: "Ninguna fila",
    yes: "sí",
    no: "no",
    confirm: "Confirmar",
    decline: "Rechazar",
    confirmBy: "No ocurre nada hasta que lo confirme. Posible hasta las {time}.",
    confirmed: {
      pending_confirmation: "",
      started: "En curso…",
      done: "Hecho",
      failed: "Ha fallado",
      unknown: "No se sabe si se ha hecho",
      declined: "Rechazado",
      expired: "No se confirmó a tiempo. Pídalo de nuevo.",
    },
    lookUp: "Consultar",
  },
  ar: {
    firstRows: "الصفوف الأولى: {count}",
    noRows: "لا توجد صفوف",
    yes: "نعم",
    no: "لا",
    confirm: "تأكيد",
    decline: "رفض",
    confirmBy: "لا يحدث شيء قبل تأكيدك. متاح حتى {time}.",
    confirmed: {
      pending_confirmation: "",
      started: "قيد التنفيذ…",
      done: "تم",
      failed: "فشل",
      unknown: "لا يُعرف هل تم ذلك",
      declined: "مرفوض",
      expired: "لم يتم التأكيد في الوقت المحدد. اطلب مرة أخرى.",
    },
    lookUp: "ابحث",
  },
};

/** @param language code of one that the panel speaks */
export function cardWords(language: string): CardWords {
  return WORDS[language] ?? en;
}
