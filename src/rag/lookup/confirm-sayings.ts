/** What Parley says around a call that its visitor has to confirm, in every language of the product. By ISO 639-3 code. */

export type ConfirmSayings = {
  ask(label: string): string;
  done(label: string): string;
  failed(label: string): string;
  unknown(label: string): string;
  declined(label: string): string;
  yes: string;
  no: string;
};

const SAYINGS: Record<string, ConfirmSayings> = {
  eng: {
    ask: (label) => `**${label}**: confirm it below, and it is done. Until then nothing happens.`,
    done: (label) => `Done: **${label}**.`,
    failed: (label) => `**${label}** failed. Nothing was changed, as far as is known.`,
    unknown: (label) =>
      `It is not known whether **${label}** was done: there was no answer. Check before you ask for it again.`,
    declined: (label) => `Not done: **${label}**.`,
    yes: "yes",
    no: "no",
  },
  deu: {
    ask: (label) =>
      `**${label}**: Bestätigen Sie es unten, dann wird es ausgeführt. Bis dahin geschieht nichts.`,
    done: (label) => `Erledigt: **${label}**.`,
    failed: (label) => `**${label}** ist fehlgeschlagen. Soweit bekannt, wurde nichts geändert.`,
    unknown: (label) =>
      `Es ist nicht bekannt, ob **${label}** ausgeführt wurde: Es kam keine Antwort. Prüfen Sie das, bevor Sie es noch einmal verlangen.`,
    declined: (label) => `Nicht ausgeführt: **${label}**.`,
    yes: "ja",
    no: "nein",
  },
  fra: {
    ask: (label) => `**${label}** : confirmez ci-dessous pour l’exécuter. D’ici là, rien ne se passe.`,
    done: (label) => `C’est fait : **${label}**.`,
    failed: (label) => `**${label}** a échoué. Pour autant qu’on sache, rien n’a été modifié.`,
    unknown: (label) =>
      `On ne sait pas si **${label}** a été exécuté : il n’y a pas eu de réponse. Vérifiez avant de le redemander.`,
    declined: (label) => `Non exécuté : **${label}**.`,
    yes: "oui",
    no: "non",
  },
  spa: {
    ask: (label) => `**${label}**: confírmelo abajo y se hará. Hasta entonces no ocurre nada.`,
    done: (label) => `Hecho: **${label}**.`,
    failed: (label) => `**${label}** ha fallado. Que se sepa, no se ha cambiado nada.`,
    unknown: (label) =>
      `No se sabe si **${label}** se ha hecho: no hubo respuesta. Compruébelo antes de volver a pedirlo.`,
    declined: (label) => `No se ha hecho: **${label}**.`,
    yes: "sí",
    no: "no",
  },
  ita: {
    ask: (label) => `**${label}**: confermi qui sotto e verrà eseguito. Fino ad allora non succede nulla.`,
    done: (label) => `Fatto: **${label}**.`,
    failed: (label) => `**${label}** non è riuscito. Per quanto si sa, nulla è stato modificato.`,
    unknown: (label) =>
      `Non si sa se **${label}** sia stato eseguito: non c’è stata risposta. Verifichi prima di chiederlo di nuovo.`,
    declined: (label) => `Non eseguito: **${label}**.`,
    yes: "sì",
    no: "no",
  },
  por: {
    ask: (label) => `**${label}**: confirme abaixo e será feito. Até lá, nada acontece.`,
    done: (label) => `Feito: **${label}**.`,
    failed: (label) => `**${label}** falhou. Tanto quanto se sabe, nada foi alterado.`,
    unknown: (label) =>
      `Não se sabe se **${label}** foi feito: não houve resposta. Verifique antes de o pedir de novo.`,
    declined: (label) => `Não foi feito: **${label}**.`,
    yes: "sim",
    no: "não",
  },
  nld: {
    ask: (label) => `**${label}**: bevestig het hieronder, dan wordt het gedaan. Tot dan gebeurt er niets.`,
    done: (label) => `Gedaan: **${label}**.`,
    failed: (label) => `**${label}** is mislukt. Voor zover bekend is er niets gewijzigd.`,
    unknown: (label) =>
      `Het is niet bekend of **${label}** is gedaan: er kwam geen antwoord. Controleer dat voordat u er opnieuw om vraagt.`,
    declined: (label) => `Niet gedaan: **${label}**.`,
    yes: "ja",
    no: "nee",
  },
  rus: {
    ask: (label) => `**${label}**: подтвердите ниже, и это будет сделано. До тех пор ничего не произойдёт.`,
    done: (label) => `Сделано: **${label}**.`,
    failed: (label) => `Не удалось: **${label}**. Насколько известно, ничего не изменено.`,
    unknown: (label) =>
      `Неизвестно, выполнено ли **${label}**: ответа не было. Проверьте, прежде чем просить снова.`,
    declined: (label) => `Не сделано: **${label}**.`,
    yes: "да",
    no: "нет",
  },
  arb: {
    ask: (label) => `**${label}**: أكّد ذلك أدناه ليتم تنفيذه. حتى ذلك الحين لا يحدث شيء.`,
    done: (label) => `تم: **${label}**.`,
    failed: (label) => `فشل **${label}**. لم يتغير شيء على حد العلم.`,
    unknown: (label) => `لا يُعرف هل تم تنفيذ **${label}**: لم يصل رد. تحقق قبل أن تطلبه مرة أخرى.`,
    declined: (label) => `لم يُنفذ: **${label}**.`,
    yes: "نعم",
    no: "لا",
  },
  cmn: {
    ask: (label) => `**${label}**：请在下方确认后执行。在此之前不会有任何操作。`,
    done: (label) => `已完成：**${label}**。`,
    failed: (label) => `**${label}**失败。据目前所知，没有任何更改。`,
    unknown: (label) => `不清楚**${label}**是否已执行：没有收到答复。再次提出之前请先核实。`,
    declined: (label) => `未执行：**${label}**。`,
    yes: "是",
    no: "否",
  },
  jpn: {
    ask: (label) => `**${label}**：下で確認すると実行されます。それまでは何も起こりません。`,
    done: (label) => `完了しました：**${label}**。`,
    failed: (label) => `**${label}** は失敗しました。わかっている限り、何も変更されていません。`,
    unknown: (label) =>
      `**${label}** が実行されたかどうかはわかりません。応答がありませんでした。もう一度依頼する前に確認してください。`,
    declined: (label) => `実行しませんでした：**${label}**。`,
    yes: "はい",
    no: "いいえ",
  },
};

/** English for a language that Parley has no sentence in. */
export function confirmSayings(language: string): ConfirmSayings {
  return SAYINGS[language] ?? (SAYINGS.eng as ConfirmSayings);
}
