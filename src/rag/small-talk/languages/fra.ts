import type { TalkLanguage } from "../language.ts";

export const fra: TalkLanguage = {
  code: "fra",
  short: "fr",
  slots: {
    person:
      "(un|une|des|l|le|la|votre)? (vrai|vraie|autre)? (humain|etre humain|personne|conseiller|conseillere|agent|agent humain|operateur|collegue|interlocuteur|employe) (humain|humaine|reel|reelle|en chair et en os|physique)?|quelqu un (d autre|de reel|de vrai|d humain)?|qqn|(le|votre)? (support|service client|service clients)",
    want: "(je|j)? (voudrais|veux|souhaite|souhaiterais|aimerais|prefere|prefererais|dois|desire) (bien)?|(est ce que|est ce qu)? (je|on)? (peux|pourrais|puis|peut|pourrait) (je|on|t on)? (s il vous plait|svp|stp)?|(il)? (est|serait) (il)? possible de|j ai besoin de|besoin de|laissez moi",
    talk: "(parler|discuter|echanger|dialoguer|chatter|ecrire) (a|avec|directement a|directement avec)|(joindre|contacter|avoir|appeler|voir)|etre mis en (relation|contact) avec|entrer en contact avec|m adresser a",
    very: "tres|si|tellement|vraiment|trop|completement|totalement|un peu|super|hyper|bien|quand meme|juste|putain de",
    rude: "nul|nulle|nul a chier|con|conne|bete|stupide|idiot|idiote|debile|inutile|mauvais|mauvaise|pourri|pourrie|merdique|de la merde|une merde|horrible|ridicule|lamentable|pitoyable|n importe quoi|une blague|incompetent|incompetente|naze|chiant|penible|pas utile|agacant|enervant|un scandale|une honte|honteux",
  },
  beside: [
    "s il vous plait|s il te plait|svp|stp|sil vous plait|sil te plait|donc|alors|bon|ben|bah|et|encore|aussi|la|ici|oh|ah|euh|hum|hein|maintenant|deja|bien|tout|toi|vous|moi",
    "a tous|tout le monde|toutes et tous|a toutes et a tous|l equipe|monsieur|madame|mon ami|les amis|cher assistant|bot|chatbot|assistant|parley",
    "beaucoup|infiniment|mille fois|bcp|enormement|d avance|par avance|encore|sincerement|a vous|a toi|pour l instant|pour aujourd hui|pour le moment|aujourd hui",
    "(pour|de) (votre|ton|ta|l|cette|ces|vos|tes) (aide|reponse|reponses|precision|precisions|info|infos|information|informations|temps|retour)|pour tout|pour ca|pour cela",
  ],
  phrases: {
    greeting: [
      "bonjour|bonjours|bjr|bonsoir|bsr|salut|slt|coucou|cc|cou cou|salutations|re bonjour|rebonjour|allo|bien le bonjour|wesh|bonne annee",
      "(il y a|y a t il|y a)? (quelqu un|qqn) (ici|la|est la)?|(vous etes|tu es|t es|etes vous|es tu) la|enchante|enchantee|ravi de (vous|te) (rencontrer|connaitre)|ca roule",
    ],
    "how-are-you": [
      "(comment)? (ca|cava) va (bien|toi|vous|tu)?|ca va (et toi|et vous|bien)?|comment (vas tu|allez vous|tu vas|vous allez|vont les choses|ca se passe|va)|(tu vas|vous allez|vas tu|allez vous) bien|quoi de (neuf|beau)|la forme|tout va bien|et toi|et vous|cv",
    ],
    thanks: [
      "merci|mercii|mrc|merci (beaucoup|bien|bcp|infiniment|mille fois|a vous|a toi|encore|d avance|pour tout)|mille mercis|un grand merci|grand merci|milles mercis|je (vous|te) remercie|remerciements|grace a (vous|toi)|emrci",
      "(c est|c etait|ca a ete|tres)? (tres|vraiment|bien|super)? (gentil|utile|aimable|sympa)|(ca|cela) (m aide|aide|m a aide|m a bien aide|m a ete utile) (beaucoup|bien)?|(c est|c etait|voila)? tout ce (que je voulais|qu il me fallait|dont j avais besoin|que je voulais savoir)|vous m avez (bien|beaucoup)? aide|tu m as (bien|beaucoup)? aide",
    ],
    goodbye: [
      "au revoir|aurevoir|a (bientot|plus|plus tard|demain|tout a l heure|la prochaine|lundi|toute|tantot|une prochaine fois)|a plus dans le bus|adieu|tchao|tchuss|bonne nuit|a la revoyure",
      "(je vous souhaite|je te souhaite|passez|passe)? (une|un)? (bonne|belle|excellente|bon|beau|excellent) (journee|soiree|apres midi|fin de journee|week end|weekend|we|semaine|continuation|vacances|nuit|reste de journee)|je (dois|vais) (y aller|partir|m en aller|vous laisser|te laisser)|je (vous|te) laisse|j y vais|j ai (fini|termine)",
    ],
    yes: [
      "oui|ouais|ouaip|oui oui|ui|si|si si|bien sur|evidemment|certainement|absolument|tout a fait|exactement|exact|effectivement|en effet|volontiers|avec plaisir|correct|c est (ca|cela|exact|vrai|juste|correct)|biensur|carrement|affirmatif|pourquoi pas|je veux bien",
    ],
    no: [
      "non|nan|non non|non merci|pas vraiment|pas du tout|rien|rien d autre|rien du tout|aucun|aucune|jamais|pas encore|pas maintenant|ca ira|ca ira merci|c est (bon|tout|bon merci)|ce sera tout|plus rien|negatif|sans facon|pas besoin|pas la peine|faux",
    ],
    ok: [
      "ok|okay|oki|okey|d accord|daccord|dacc|dac|entendu|compris|j ai compris|je comprends|je vois|ca marche|tres bien|bien|c est note|note|bien recu|recu|parfait|parfaitement|soit|va pour|je sais|ah bon|ah oui|ah d accord|c est clair|clair|k",
      "(c est|c etait|tres|trop|tout|ca c est)? (bien|super|genial|parfait|top|cool|excellent|formidable|nickel|impeccable|chouette|magnifique|bon|extra|sympa|interessant|impressionnant|fantastique)|bravo|bien joue|bon travail|bonne reponse|chapeau|ravi|tant mieux",
      "desole|desolee|pardon|excusez moi|excuse moi|oups|mince|laisse tomber|laissez tomber|peu importe|tant pis|oublie|oubliez|pas grave|ce n est pas grave|c est pas grave|pas de (souci|soucis|probleme)|de rien|je vous en prie|je t en prie|haha|hahaha|mdr|ptdr|hihi",
    ],
    "who-are-you": [
      "(mais)? (qui|t|c) (es tu|etes vous|est tu|tu es|vous etes|t es|est ce)|(tu es|t es|vous etes|c est) qui|(tu es|t es|vous etes|c est) quoi|(mais)? qu (es tu|etes vous)|qu est ce que (tu es|vous etes)|a qui (je parle|ai je affaire|est ce que je parle|j ai affaire|parle je)|je parle a qui|qui (est la|est ce|me parle|me repond|repond)|avec qui (je parle|ai je le plaisir|est ce que je parle|parle je)",
      "(comment|c est quoi|quel est) (tu t appelles|vous vous appelez|t appelles tu|vous appelez vous|ton nom|votre nom|ton prenom|votre prenom|tu te nommes)|(tu t appelles|vous vous appelez) comment|(ton|votre) nom|(as tu|avez vous|tu as|vous avez) un (nom|prenom)|presente toi|presentez vous|parle moi de toi|parlez moi de vous|qui (t|vous) a (cree|fait|concu|programme|developpe|fabrique)|d ou (viens tu|venez vous|tu viens)|quel age (as tu|avez vous)|(tu es|t es|es tu|etes vous) (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|nouveau)|quel (modele|type de bot|genre de bot) (es tu|etes vous)|quelle (ia|ai) (es tu|etes vous)",
    ],
    "are-you-human": [
      "(est ce que)? (tu es|t es|vous etes|es tu|etes vous|est tu|c est|suis je avec|je parle a|je parle avec|parle je a|parle je avec|est ce que je parle a|est ce que je parle avec|est ce) (bien|vraiment|juste)? (un|une)? (vrai|vraie|veritable)? (humain|humaine|personne|robot|bot|chatbot|machine|ordinateur|programme|ia|intelligence artificielle|reel|reelle|vivant|etre humain) (humaine|reelle|humain)? (ou (bien)? (a)? (un|une)? (vrai|vraie)? (humain|personne|robot|bot|machine|ia|ordinateur|chatbot|pas|non))?",
      "(y a t il|il y a|y a) (un|une)? (vrai|vraie)? (humain|personne|quelqu un) (derriere|au bout|derriere l ecran)|c est (un|une) (robot|bot|ia|machine) (qui repond|qui me repond)?",
    ],
    "what-can-you-do": [
      "(tu|vous) (peux|peut|pouvez|sais|savez|fais|faites) (faire|faire quoi|quoi|repondre a quoi|m aider a quoi|m aider sur quoi|m aider en quoi|quoi faire)|(tu|vous) (sais|savez|peux|pouvez) faire quoi (exactement|pour moi)?|que (peux|sais|fais|pouvez|savez|faites) (tu|vous) (faire|dire)? (pour moi|pour nous)?|qu est ce que (tu|vous) (peux|sais|fais|pouvez|savez|faites) (faire|me dire)? (pour moi|pour nous)?|(qu est ce que|que) (je peux|puis je|peut on|on peut|pourrais je) (te|vous)? (demander|faire) (ici)?|je peux (te|vous)? demander quoi",
      "(quelles|quels|quel genre de|quel type de) (questions|sujets|themes|documents) (puis je|je peux|peut on|peux tu|pouvez vous|connais tu|connaissez vous|tu connais|vous connaissez) (poser|te poser|vous poser|traiter|repondre|aborder)?|(sur quels|de quels) (sujets|themes) (peux tu|pouvez vous|sais tu) (m aider|repondre|parler|me renseigner)?|a quelles questions (peux tu|pouvez vous|sais tu) repondre|(comment|en quoi|sur quoi) (peux tu|pouvez vous|tu peux|vous pouvez) (m aider|nous aider|m etre utile)|(tu|vous) (peux|pouvez) m aider (comment|a quoi|en quoi|sur quoi)",
      "a quoi (tu sers|vous servez|sers tu|servez vous|ca sert)|(tu sers|vous servez) a quoi|comment (tu fonctionnes|ca fonctionne ici|fonctionnes tu|fonctionnez vous|vous fonctionnez|marche ce chat|fonctionne ce chat|fonctionne ce chatbot|fonctionne cet assistant|t utiliser|vous utiliser)|quelles sont (tes|vos) (capacites|fonctions|competences|fonctionnalites|possibilites)|quel est (ton|votre) (role|but|travail)|(que|qu est ce que) (sais tu|savez vous|tu connais|vous connaissez|connais tu|connaissez vous)",
    ],
    help: [
      "aide|a l aide|au secours|aidez moi|aide moi|aider moi|(peux tu|pouvez vous|pourrais tu|pourriez vous|tu peux|vous pouvez|est ce que tu peux|est ce que vous pouvez) (m|nous) aider|(quelqu un|qqn) (peut|pourrait) (il)? (m)? aider|(j ai|nous avons|j aurais|besoin)? (besoin)? (d|de|d une|de votre|de ton) aide|(j)? ai besoin d (aide|un coup de main)|un coup de main|je suis (perdu|perdue|bloque|bloquee)|sos|je ne sais pas quoi (faire|demander)",
      "(j ai|j aurais|nous avons) (juste|encore)? (une|des|quelques|plusieurs|une petite|une autre) (questions|question|demande|probleme|question a poser|questions a poser|question a vous poser)|j ai un probleme|(puis je|je peux|pourrais je|est ce que je peux|peut on) (te|vous)? (poser|demander) (une question|quelque chose|des questions|une petite question|un truc)|(une|petite|une petite)? question|je (voudrais|souhaite|veux|souhaiterais) (te|vous)? (poser|demander) (une question|quelque chose)",
    ],
    "a-person": [
      "$want $talk $person",
      "comment (puis je|je peux|peut on|on peut|je fais pour)? (parler|discuter) (a|avec) (un|une)? (vrai|vraie)? (humain|personne|conseiller|agent|etre humain|quelqu un)",
      "(parler|discuter|parlez|parle) (a|avec) $person|(passez|passe|mettez|mets) moi (avec|a|en relation avec|en contact avec)? $person|(pouvez vous|peux tu|pourriez vous|pourrais tu) me (passer|mettre en (relation|contact) avec|transferer a|transferer vers|rediriger vers) $person|transferez moi (a|vers) $person",
      "(je|j)? (veux|voudrais|souhaite|aimerais|prefere) (un|une) (vrai|vraie)? (humain|personne|conseiller|conseillere|etre humain|interlocuteur) (humain|humaine|reelle|reel)?|(un|une) (vrai|vraie) (humain|personne)|un humain|humain|(y a t il|il y a|y a|est ce qu il y a) (un|une)? (humain|personne|quelqu un|conseiller) (a qui|avec qui) (je peux|parler|on peut|je pourrais) (parler|discuter)?|(quelqu un|un humain|une personne) (peut|pourrait) (il|elle)? (me|m) (appeler|rappeler|contacter|repondre)|pas (un|de) (robot|bot|machine)|je (ne)? veux pas (parler a)? (un|de) (robot|bot|machine)",
    ],
    upset: [
      "(tu|t|vous|c|ce|ca|il|ce bot|ce chat|ce truc|cet outil|cette reponse) (es|etes|est|etait|sers a|s) ($very)? ($very)? $rude|(tu|vous|ca) (ne)? (sers|servez|sert) a rien|(quel|quelle|sale|espece d|espece de|pauvre|gros|grosse) (idiot|idiote|con|conne|connard|abruti|debile|merde|nul|nulle|imbecile|cretin|blague|honte|bot|robot|machine)|(bot|robot|chatbot|chat|assistant|outil) ($very)? $rude",
      "merde|putain|fait chier|tu fais chier|vous faites chier|ta gueule|ferme la|ferme ta gueule|va te faire (foutre|voir)|allez vous faire (foutre|voir)|va chier|degage|casse toi|connard|connasse|salaud|salope|encule|abruti|imbecile|idiot|idiote|cretin|con|nul|c est nul|inutile|bordel|zut|n importe quoi|grr|pff|pfff|tu m enerves|vous m enervez|je (te|vous) (deteste|hais)|j en ai (marre|assez)|ras le bol",
      "(ca|cela) (ne|n)? (m)? (aide|a aide|a pas aide|aide pas|a servi a rien|sert a rien|avance pas) (pas|rien|du tout)?|(ce)? (n|c)? (est|etait) pas (tres)? (utile|clair|ma question|ce que (je demande|je demandais|j ai demande|je voulais|je cherche)|la bonne reponse|correct|vrai|juste)|pas (tres)? utile|(tu|vous) (ne|n)? (reponds|repondez|comprends|comprenez|as|avez) (pas|rien|pas repondu|pas compris|rien compris) (a ma question|du tout|a la question|ma question)?|mauvaise reponse|c est faux|(tu|vous) (ne)? (sais|savez|connais) rien|je suis (tres)? (enerve|enervee|frustre|frustree|en colere|fache|fachee|decu|decue)",
    ],
    test: [
      "test|tests|essai|(c est|ceci est|juste|simple|petit|un|un petit|un simple)? (juste)? (un)? (petit|simple)? test|je (fais|faisais|voulais) (juste)? (un)? (test|tester)|je teste (juste)?|test test|(ca|cela|est ce que ca|tu|vous) (fonctionne|marche|fonctionnes|fonctionnez)|un deux un deux|test 1 2",
    ],
  },
  borrowed: {
    greeting: ["hello|hi|hey|hola"],
    thanks: ["thanks|thank you|thx|gracias|grazie"],
    goodbye: ["bye|bye bye|ciao|ciao ciao"],
    yes: ["yes|yep"],
    no: ["no|nope"],
    ok: ["lol|sorry"],
    help: ["help"],
    upset: ["fuck|wtf"],
  },
  replies: {
    greeting: "Bonjour. Que souhaitez-vous savoir ?",
    "how-are-you": "Très bien, merci. Que souhaitez-vous savoir ?",
    thanks: "Je vous en prie. Si vous avez une autre question, je suis là.",
    goodbye: "Au revoir et bonne journée.",
    yes: "Bien. Posez la question que vous voulez.",
    no: "Entendu. Si vous avez une autre question, je suis là.",
    ok: "Bien. Si vous avez une autre question, je suis là.",
    "who-are-you":
      "Je suis {assistant}, l’assistant de {organisation} : un programme qui répond aux questions à partir de ses documents et montre d’où vient la réponse.",
    "are-you-human":
      "Je suis un programme, un assistant qui répond à partir des documents de {organisation}. Personne n’écrit à ma place.",
    "what-can-you-do":
      "Je réponds aux questions à partir des documents de {organisation} et je montre le passage sur lequel repose la réponse.",
    topics: "Il y est question, par exemple, de ceci : {topics}.",
    aboutTopic: "Qu’y a-t-il sur « {topic} » ?",
    begin: "Vous pouvez commencer par une de ces questions :",
    nothingYet:
      "Je réponds aux questions à partir des documents de {organisation}. Il n’y en a pas encore, revenez un peu plus tard.",
    help: "Posez votre question en une phrase, comme à une collègue. Je cherche la réponse dans les documents de {organisation}.",
    "a-person": "Une personne peut vous aider ici : {contact}",
    noContact:
      "Je ne peux pas vous mettre en relation avec une personne d’ici. Dites-moi de quoi il s’agit, et je cherche dans les documents de {organisation} qui s’en occupe.",
    orAPerson: "Ou demandez à une personne : {contact}",
    upset:
      "Je suis désolé que cela ne vous ait pas aidé. Dites-moi en une phrase ce qu’il vous faut, et je cherche encore.",
    unclear: "Je n’ai pas compris. Pouvez-vous l’écrire comme une question, en quelques mots ?",
    test: "Cela fonctionne. Posez une question quand vous voulez.",
  },
};
