import type { TalkLanguage } from "../language.ts";

export const ita: TalkLanguage = {
  code: "ita",
  short: "it",
  slots: {
    person:
      "(un|una|uno|l|il|la|qualche|altro|altra)? (vero|vera)? (umano|essere umano|persona|operatore|operatrice|agente|collega|addetto|consulente|impiegato|impiegata) (vero|vera|reale|umano|umana|in carne e ossa)?|qualcuno|qualcun altro|(il|l)? (supporto|assistenza clienti|servizio clienti)",
    want: "(io)? (voglio|vorrei|desidero|preferisco|preferirei|devo|ho bisogno di)|(posso|potrei|si puo|e possibile|mi fai|mi faccia|fammi|fatemi)|mi piacerebbe",
    talk: "(parlare|chattare|comunicare|conversare) (con|a)|(contattare|sentire|chiamare)|essere (messo|messa) in contatto con|mettermi in contatto con",
    very: "molto|cosi|proprio|davvero|veramente|totalmente|completamente|troppo|un po|solo|del tutto|tanto",
    rude: "stupido|stupida|inutile|idiota|scemo|scema|cretino|cretina|deficiente|pessimo|pessima|orribile|terribile|ridicolo|ridicola|una merda|di merda|una schifezza|schifoso|uno schifo|spazzatura|incapace|una perdita di tempo|una vergogna|imbecille|penoso|fastidioso|assurdo|una presa in giro|male",
  },
  beside: [
    "per favore|perfavore|per piacere|pf|dai|allora|quindi|adesso|ora|ancora|anche|e|ma|eh|ah|oh|ehm|beh|be|qui|li|pure|di nuovo|oggi",
    "a tutti|a tutte|tutti|amico|amica|signore|signora|ragazzi|team|bot|chatbot|assistente|parley|tu|lei|voi|a te|a lei|a voi",
    "mille|molte|tante|tanto|infinite|davvero|di cuore|di tutto|per tutto|in anticipo|per ora|per oggi|per adesso",
    "(per|dell|della) (l|la|il|le|il tuo|la tua|la sua|il suo|vostro|vostra|tuo)? (aiuto|risposta|risposte|informazione|informazioni|info|tempo|disponibilita|gentilezza)",
  ],
  phrases: {
    greeting: [
      "ciao|ciaoo|ciao ciao|salve|salute|buongiorno|buon giorno|buondi|buon di|buonasera|buona sera|buon pomeriggio|ehi|ei|pronto|saluti|buongiorno a tutti",
      "(c e)? (qualcuno|nessuno) (qui|li|in linea)?|ci sei|sei li|ci siete|piacere (di conoscerti|di conoscerla|mio)?|molto piacere",
    ],
    "how-are-you": [
      "come (stai|sta|va|state|ti va|va la vita|te la passi|andiamo)|tutto (bene|ok|a posto)|come butta|stai bene|sta bene|e tu|e lei",
    ],
    thanks: [
      "grazie|grazie (mille|tante|infinite|molte|a te|a lei|di cuore|ancora|davvero|lo stesso)|mille grazie|tante grazie|molte grazie|grz|grazie grazie|ti ringrazio|la ringrazio|vi ringrazio|ringrazio|grazzie",
      "(sei|e|e stato|e stata|siete|molto|e stato molto)? (molto|davvero|proprio)? (gentile|utile|gentilissimo|gentilissima|d aiuto|di aiuto|di grande aiuto)|mi (hai|ha) (aiutato|aiutata) (molto|tanto)?|(questo)? mi (aiuta|e stato utile) (molto)?|(e|era)? tutto (quello che|cio che) (volevo|mi serviva|volevo sapere|cercavo)",
    ],
    goodbye: [
      "arrivederci|arrivederla|addio|a (presto|dopo|domani|piu tardi|risentirci|lunedi|piu)|ci (vediamo|sentiamo)|alla prossima|buonanotte|buona notte|ci si vede|stammi bene|mi stia bene",
      "(ti auguro|le auguro|passa|passi)? (una|un)? (buona|buon|bella|felice|buone|ottima) (giornata|serata|notte|weekend|fine settimana|lavoro|settimana|proseguimento|continuazione|vacanze)|devo (andare|scappare)|ho (finito|terminato)",
    ],
    yes: [
      "si|sii|si si|sì|certo|certamente|certo che si|sicuro|sicuramente|ovvio|ovviamente|esatto|esattamente|giusto|corretto|assolutamente|volentieri|naturalmente|proprio cosi|e vero|vero|infatti|appunto|senz altro|senza dubbio",
    ],
    no: [
      "no|nono|no no|no grazie|niente|nulla|nient altro|nulla di piu|per niente|per nulla|affatto|assolutamente no|mai|non ancora|non ora|non adesso|non proprio|nessuno|nessuna|basta cosi|basta|a posto cosi|sono a posto|e tutto|tutto qui|falso|non serve|non importa",
    ],
    ok: [
      "ok|okay|okey|oki|va bene|vabene|va be|vabbe|d accordo|capito|ho capito|capisco|inteso|chiaro|tutto chiaro|bene|molto bene|benissimo|perfetto|lo so|vedo|ricevuto|ci sto|affare fatto|ah ok|ah ecco|ecco|k|fatto",
      "(e|era|molto|che|tutto|ma)? (ottimo|fantastico|grande|bello|bravo|brava|bravissimo|eccellente|magnifico|stupendo|meraviglioso|super|figo|interessante|buono|geniale|top|forte|splendido)|ben fatto|bel lavoro|buona risposta|mi piace|meno male|che bello",
      "scusa|scusi|scusami|mi scusi|mi dispiace|perdono|pardon|ops|lascia stare|lasci stare|lascia perdere|lasci perdere|fa niente|non fa niente|fa nulla|non ti preoccupare|nessun problema|di niente|di nulla|prego|figurati|si figuri|ahah|ahahah|ahahaha|haha|hahaha",
    ],
    "who-are-you": [
      "(e|ma)? (tu)? (chi|cosa|che cosa|che cos|che) (sei|e lei|siete|e|sei tu) (tu|lei)?|con chi (sto parlando|parlo|ho il piacere|sto chattando|ho a che fare)|chi (parla|c e|e la|risponde|mi risponde)",
      "(come|qual) (ti chiami|si chiama|e il tuo nome|e il suo nome)|(il)? (tuo|suo) nome|hai un nome|presentati|si presenti|(parlami|raccontami|dimmi) (qualcosa)? (di|su) te|chi ti ha (creato|fatto|programmato|sviluppato|inventato)|da dove vieni|quanti anni hai|sei (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|nuovo|uomo|donna)|che (modello|ia|tipo di bot|intelligenza artificiale) sei",
    ],
    "are-you-human": [
      "(sei|e|lei e|parlo con|sto parlando con|sto chattando con|sei tu) (davvero|veramente|solo|forse)? (un|una|uno)? (vero|vera)? (umano|umana|persona|essere umano|robot|bot|chatbot|macchina|computer|programma|ia|intelligenza artificiale|reale|vero|vera|operatore) (vera|reale|umano|umana)? (o (con|sei|e)? (un|una|uno)? (umano|persona|robot|bot|macchina|ia|computer|chatbot|programma|no))?",
      "(c e)? (un|una)? (umano|persona|qualcuno) (vera|vero|reale)? (dietro|dall altra parte|li dietro)|sei (solo|soltanto)? (un|una) (bot|robot|macchina)",
    ],
    "what-can-you-do": [
      "(che|cosa|che cosa|che altro|in cosa|in che cosa|come) (puoi|sai|puo|sa|fai|potresti) (fare|aiutarmi|aiutare|dirmi|offrire|rispondere|fare per me|fare per noi|fare tu)?|(che|cosa|che cosa) (posso|si puo|potrei) (chiedere|chiederti|chiederle|fare|domandare|domandarti|fare qui|chiedere qui)|(quali|che|che tipo di|su quali|a quali) (domande|argomenti|temi|documenti) (posso|puoi|puo|conosci|sai|tratti) (fare|farti|farle|rispondere|trattare|aiutarmi)?",
      "come (puoi|puo|mi puoi|mi puo|potresti) (aiutarmi|aiutare|aiutarci|essermi utile)|in cosa (mi)? (puoi|puo) (aiutarmi|aiutare)|a (che)? (cosa)? (servi|serve)|a (cosa|che) (servi|serve questo chat|serve questa chat)|come (funzioni|funziona lei|funziona questa chat|funziona questo chatbot|funziona questo assistente|ti uso|lavori)|quali sono (le tue|i tuoi|le sue|i suoi) (capacita|funzioni|compiti|competenze|funzionalita)|qual e (il tuo|il suo) (compito|scopo|ruolo|lavoro)|(cosa|che cosa) (sai|conosci)",
    ],
    help: [
      "aiuto|aiutami|mi aiuti|aiutatemi|mi aiuta|(mi)? (puoi|puo|potresti|potrebbe|potete) (aiutare|aiutarmi|aiutarci|dare una mano|darmi una mano)|qualcuno (mi)? (puo|potrebbe) (aiutare|aiutarmi)|qualcuno mi puo aiutare|(ho|avrei|abbiamo) bisogno (di|del tuo|del suo|di un) (aiuto|una mano|assistenza)|mi serve (un|una)? (aiuto|mano)|sono (perso|persa|bloccato|bloccata)|sos|non so cosa (fare|chiedere)",
      "(ho|avrei|abbiamo) (solo)? (una|delle|alcune|un altra|un|qualche|un paio di)? (piccola)? (domanda|domande|dubbio|problema|richiesta)|(posso|potrei|si puo|posso io) (chiedere|chiederti|chiederle|farti|farle|fare|domandarti) (una|qualcosa|una cosa|delle)? (domanda|domande|cosa)?|(una)? domanda|(vorrei|voglio) (chiederti|chiederle|fare|farti|chiedere) (una domanda|qualcosa|una cosa)",
    ],
    "a-person": [
      "$want $talk $person",
      "(parlare|chattare|parla) con $person|come (posso|si puo|faccio a) parlare con (un|una)? (umano|persona|operatore|qualcuno|essere umano) (vera|reale|umano)?|(passami|mi passi|collegami|mi colleghi|mettimi in contatto con|mi metta in contatto con|trasferiscimi a|mi trasferisca a) (con|a)? $person|(puoi|puo|potresti) (passarmi|mettermi in contatto con|collegarmi a|collegarmi con|trasferirmi a) $person",
      "(voglio|vorrei|preferisco) (un|una) (umano|persona|operatore|operatrice|essere umano) (vera|reale|umano|umana)?|(un|una)? (persona vera|persona reale|operatore umano|essere umano)|operatore|un umano|(c e|esiste) (qualcuno|una persona|un operatore) (vera)? (con cui|con il quale|a cui) (posso|poter|si puo) (parlare|chiedere)|(qualcuno|una persona|un operatore) (puo|potrebbe|mi puo) (chiamarmi|contattarmi|richiamarmi|chiamare)|non voglio (parlare con)? (un)? (bot|robot|macchina)",
    ],
    upset: [
      "(tu|lei|questo|questa|questo bot|questa chat|questa risposta)? (sei|e|fai|fa|era|siete) ($very)? ($very)? ($rude|schifo|cagare|pena|ridere)|(che|ma che|quanto sei|brutto|brutta) ($very)? (merda|schifo|idiota|stupido|stupida|scemo|cretino|vergogna|schifezza|stronzo|bot|chat) ($rude)?|(bot|robot|chatbot|chat|assistente) ($very)? $rude|non servi a (niente|nulla)|non serve a (niente|nulla)",
      "merda|cazzo|che cazzo|vaffanculo|fanculo|vai a quel paese|va al diavolo|stronzo|stronza|bastardo|coglione|idiota|stupido|scemo|cretino|imbecille|inutile|deficiente|stai zitto|zitto|chiudi il becco|ti odio|lo odio|sparisci|porca miseria|accidenti|maledizione|uffa|mannaggia|che palle",
      "(questo|cosi|la risposta)? non (mi)? (aiuta|ha aiutato|hai aiutato|serve|e servito|e servita|e di aiuto|e d aiuto)|(questo|questa|la risposta)? non (e|era) (utile|quello che (ho chiesto|volevo|cercavo|mi serviva)|corretto|vero|la mia domanda|giusto|cio che ho chiesto)|non (hai|ha) (risposto|capito) (alla mia domanda|niente|nulla|la domanda|la mia domanda)?|non (capisci|capisce|rispondi|risponde) (niente|nulla|un cazzo|la domanda)?|risposta (sbagliata|errata)|(e)? (sbagliato|falso|errato)|non sai (niente|nulla)|sono (molto|davvero)? (arrabbiato|arrabbiata|frustrato|frustrata|deluso|delusa|stufo|stufa)",
    ],
    test: [
      "test|prova|prova prova|(questo|questa|e|solo|e solo|faccio)? (e)? (solo)? (un|una)? (prova|test)|sto (solo)? (provando|testando)|(funziona|funzioni|va) (questo|questa chat)?|uno due tre prova",
    ],
  },
  borrowed: {
    greeting: ["hello|hi|hey|hola"],
    thanks: ["thanks|thank you|thx|merci|gracias"],
    goodbye: ["bye|bye bye"],
    yes: ["yes"],
    no: ["nope"],
    ok: ["sorry|lol"],
    help: ["help"],
    upset: ["fuck|wtf"],
  },
  replies: {
    greeting: "Buongiorno. Che cosa vuole sapere?",
    "how-are-you": "Bene, grazie. Che cosa vuole sapere?",
    thanks: "Prego. Se ha un’altra domanda, sono qui.",
    goodbye: "Arrivederci e buona giornata.",
    yes: "Bene. Chieda pure quello che vuole sapere.",
    no: "D’accordo. Se ha un’altra domanda, sono qui.",
    ok: "Bene. Se ha un’altra domanda, sono qui.",
    "who-are-you":
      "Sono {assistant}, l’assistente di {organisation}: un programma che risponde alle domande in base ai suoi documenti e mostra da dove viene la risposta.",
    "are-you-human":
      "Sono un programma, un assistente che risponde in base ai documenti di {organisation}. Qui non scrive nessuna persona.",
    "what-can-you-do":
      "Rispondo alle domande in base ai documenti di {organisation} e mostro il passo su cui si basa la risposta.",
    topics: "Trattano, per esempio, di questo: {topics}.",
    aboutTopic: "Che cosa è «{topic}»?",
    begin: "Può cominciare con una di queste domande:",
    nothingYet:
      "Rispondo alle domande in base ai documenti di {organisation}. Non ce ne sono ancora, torni un po’ più tardi.",
    help: "Scriva la sua domanda in una frase, come a una collega. Cerco la risposta nei documenti di {organisation}.",
    "a-person": "Una persona può aiutarla qui: {contact}",
    noContact:
      "Da qui non posso metterla in contatto con una persona. Mi dica di che cosa si tratta e cerco nei documenti di {organisation} chi se ne occupa.",
    orAPerson: "Oppure chieda a una persona: {contact}",
    upset: "Mi dispiace che non sia stato utile. Mi dica in una frase che cosa le serve e cerco di nuovo.",
    unclear: "Non ho capito. Può scriverlo come domanda, in poche parole?",
    test: "Funziona. Faccia una domanda quando vuole.",
  },
};
