import type { TalkLanguage } from "../language.ts";

export const por: TalkLanguage = {
  code: "por",
  short: "pt",
  slots: {
    person:
      "(um|uma|o|a|algum|alguma|outro|outra)? (humano|ser humano|pessoa|atendente|agente|operador|operadora|colega|funcionario|funcionaria|assistente humano) (real|humana|humano|de verdad|de verdade|de carne e osso)?|alguem (real|humano|de verdade)?|(o)? (suporte|apoio ao cliente|atendimento ao cliente|atendimento humano)",
    want: "(eu)? (quero|queria|gostaria de|preciso|preciso de|prefiro|desejo|preferia)|(posso|poderia|podia|da para|e possivel|pode me|quero que me)|me deixe|deixe me",
    talk: "(falar|conversar|comunicar|teclar) com|(contactar|contatar|chamar|ligar para)|ser atendido por|entrar em contato com|entrar em contacto com",
    very: "muito|tao|mesmo|realmente|totalmente|completamente|bem|bastante|super|so|demais",
    rude: "inutil|burro|burra|estupido|estupida|idiota|imbecil|pessimo|pessima|horrivel|terrivel|ridiculo|ridicula|lixo|um lixo|uma merda|merda|uma porcaria|porcaria|ruim|mau|mal|fraco|uma vergonha|vergonhoso|uma piada|perda de tempo|uma perda de tempo|incompetente|chato|irritante|patetico|absurdo|uma bosta|bosta",
  },
  beside: [
    "por favor|porfavor|pf|pfv|pfvr|se faz favor|faz favor|entao|agora|ai|ja|tambem|de novo|outra vez|e|mas|ah|oh|eh|hum|bom|bem|la|aqui|hoje|la",
    "a todos|a todas|pessoal|gente|amigo|amiga|senhor|senhora|equipe|equipa|bot|chatbot|assistente|parley|voce|tu|vc|a voce|a ti|a vc",
    "muito|muita|mesmo|imenso|demais|de coracao|por tudo|desde ja|por enquanto|por agora|por hoje|mil vezes",
    "(pela|pelo|pelas|por) (ajuda|sua ajuda|tua ajuda|resposta|respostas|informacao|informacoes|info|atencao|apoio|tempo|esclarecimento|ajudar|isso)",
  ],
  phrases: {
    greeting: [
      "ola|oi|oie|oii|oi oi|ei|opa|salve|alo|e ai|eae|fala|saudacoes|bem vindo|boas",
      "(muito)? (bom|boa) (dia|tarde|noite)|bom dia a todos|(tem|ha|esta)? alguem (ai|aqui|por ai|online)|(voce esta|esta|estas) (ai|aqui)|prazer (em conhecer voce|em conhecer te)?|muito prazer",
    ],
    "how-are-you": [
      "(tudo|ta tudo|esta tudo)? (bem|bom|certo|joia|tranquilo|beleza) (com voce|contigo|com vc|por ai)|tudo (bem|bom|certo|joia|tranquilo|beleza)|como (vai|esta|estas|voce esta|vc ta|vai voce|tem passado|vao as coisas|e que estas|e que esta)|e (voce|tu|vc)|beleza",
    ],
    thanks: [
      "obrigado|obrigada|obg|obgd|brigado|brigada|obrigadinho|obrigadinha|muito (obrigado|obrigada|agradecido|agradecida)|muitissimo obrigado|valeu|vlw|agradeco|agradecido|agradecida|grato|grata|(eu)? (te|lhe)? agradeco|mil obrigados|obrigado (eu|igualmente|mais uma vez)",
      "(foi|e|isso foi|muito)? (muito)? (util|gentil|prestavel|amavel|simpatico)|(isso)? (me)? (ajuda|ajudou|ajudou me) (muito|bastante|imenso)?|(e|era)? (so isso|tudo) (que eu (precisava|queria|queria saber)|o que (eu)? (precisava|queria|queria saber))",
    ],
    goodbye: [
      "adeus|tchau|tchauzinho|xau|chau|ate (logo|ja|breve|amanha|mais|mais tarde|depois|a proxima|a vista|segunda|outro dia)|a gente se ve|nos vemos|fui|falou|flw|cuide se|cuida te",
      "(tenha|tem|desejo lhe|passe|tenham)? (um|uma)? (bom|boa|otimo|otima|excelente|lindo|bons) (dia|tarde|noite|fim de semana|fds|semana|trabalho|descanso|resto de dia|continuacao|ferias|final de semana)|(eu)? (tenho que|preciso|vou) (ir|ir embora|sair)|ja (terminei|acabei)",
    ],
    yes: [
      "sim|sim sim|sii|claro|claro que sim|com certeza|certamente|certo|correto|exato|exatamente|isso|isso mesmo|e isso|e verdade|verdade|positivo|pois|pois e|pode ser|quero|quero sim|por favor sim|sem duvida|obvio|obviamente|evidentemente|aham|uhum",
    ],
    no: [
      "nao|nao nao|nao obrigado|nao obrigada|naao|nada|mais nada|nada mais|de jeito nenhum|nem pensar|nunca|jamais|ainda nao|agora nao|nenhum|nenhuma|nao precisa|nao e preciso|e tudo|so isso|e so isso|e so|acho que nao|negativo|falso|de modo nenhum|so",
    ],
    ok: [
      "ok|okay|okey|oki|ta|ta bom|ta bem|tudo bem entao|esta bem|esta bom|tabom|de acordo|combinado|entendi|entendido|percebi|percebo|compreendo|compreendi|compreendido|ja percebi|ja entendi|estou a ver|sei|eu sei|bem|muito bem|bom|fechado|anotado|feito|fixe|k|blz|certinho|ah sim|ah ta|ah ok",
      "(e|que|muito|isso e|foi|tudo)? (otimo|optimo|perfeito|excelente|fantastico|maravilhoso|legal|show|top|massa|bacana|genial|incrivel|interessante|lindo|espetacular|porreiro|maneiro)|bom trabalho|muito bem feito|boa|gostei|boa resposta|que bom|ainda bem|parabens|show de bola|bravo",
      "desculpa|desculpe|desculpem|perdao|sinto muito|foi mal|ops|esquece|esqueca|deixa|deixe|deixa para la|deixa pra la|nao importa|nao faz mal|sem problema|sem problemas|tranquilo|de nada|por nada|nao tem de que|kkk|kkkk|kkkkk|haha|hahaha|rs|rsrs",
    ],
    "who-are-you": [
      "(e|mas)? (quem|o que|que) (e|es|e que es|e voce|es tu|voce e|vc e|tu es|e vc) (voce|tu|vc)?|com quem (eu)? (falo|estou falando|estou a falar|tenho o prazer|converso|estou conversando)|quem (fala|esta ai|responde|me responde)",
      "(qual|como) (e o seu nome|e o teu nome|e seu nome|o seu nome|o teu nome|seu nome|voce se chama|te chamas|se chama|vc se chama|e que te chamas)|(o)? (seu|teu) nome|(voce|tu)? (tem|tens) (um)? nome|apresente se|se apresente|apresenta te|(fale|fala|me fale|conta) (me)? (um pouco)? (sobre|de) (voce|ti|vc)|quem (te|o|lhe) (criou|fez|programou|desenvolveu|inventou)|quem criou voce|de onde (voce e|voce vem|es|vens)|quantos anos (voce tem|tens)|(voce e|es|vc e) (o)? (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|novo|homem|mulher)|que (modelo|ia|tipo de bot) (voce e|es)",
    ],
    "are-you-human": [
      "(voce e|es|vc e|e|tu es|sera que voce e|estou falando com|estou a falar com|falo com|isso e|isto e) (mesmo|realmente|so|apenas)? (um|uma)? (humano|humana|pessoa|ser humano|robo|robot|bot|chatbot|maquina|computador|programa|ia|inteligencia artificial|real) (real|humana|de verdade)? (ou (com|e|es)? (um|uma)? (humano|pessoa|robo|robot|bot|maquina|ia|computador|chatbot|programa|nao))?",
      "(tem|ha) (uma|um)? (pessoa|humano|alguem) (real)? (por tras|do outro lado|atras disso)",
    ],
    "what-can-you-do": [
      "(o que|que|o que mais|em que|no que|com que|o que e que) (voce|tu|vc)? (pode|podes|sabe|sabes|faz|fazes|consegue|consegues) (fazer|ajudar|me ajudar|me dizer|responder|oferecer|fazer por mim)? (voce|vc|tu)?|(o que|que|o que e que) (eu)? (posso|se pode|podia) (perguntar|te perguntar|lhe perguntar|perguntar te|fazer|perguntar aqui|fazer aqui)|(quais|que|que tipo de|sobre que|sobre quais|a que) (perguntas|assuntos|temas|topicos|documentos) (voce|tu|vc|eu)? (pode|podes|posso|conhece|conheces|sabe|responde|cobre) (responder|fazer|te fazer|ajudar|tratar)?",
      "como (voce|tu|vc)? (pode|podes|poderia|consegue) (me ajudar|ajudar|ajudar me|nos ajudar)|em que (pode|podes|voce pode) (me ajudar|ajudar|ajudar me)|para que (serve|serves|voce serve|e que serves|serve este chat)|pra que voce serve|como (voce funciona|funcionas|funciona este chat|funciona esse chat|funciona este chatbot|funciona este assistente|uso voce)|quais (sao)? (as)? (suas|tuas|as suas|as tuas) (funcoes|capacidades|habilidades|funcionalidades)|qual (e)? (a|o)? (sua|tua|seu|teu) (funcao|proposito|papel|trabalho)|o que (voce|tu|vc) (sabe|sabes|conhece)",
    ],
    help: [
      "ajuda|ajude me|me ajude|me ajuda|ajuda me|ajudem me|socorro|(voce|tu|vc)? (pode|podes|poderia|podia|consegue) (me ajudar|ajudar me|ajudar|nos ajudar|dar me uma ajuda)|(alguem)? (pode|poderia) (me ajudar|ajudar me|ajudar)|(eu)? (preciso|precisava|necessito|precisamos) (de|da sua|da tua|de uma|de alguma) (ajuda|mao|assistencia|apoio)|(estou|to) (perdido|perdida|bloqueado)|sos|nao sei o que (fazer|perguntar)",
      "(eu)? (tenho|tinha|temos) (so)? (uma|umas|algumas|outra|um|duas)? (pequena)? (pergunta|perguntas|duvida|duvidas|questao|questoes|problema)|(posso|podia|poderia|eu posso) (te|lhe)? (fazer|perguntar|perguntar te|fazer te|tirar) (uma|algo|umas|uma coisa)? (pergunta|perguntas|duvida|questao)?|(uma)? (pergunta|duvida)|(quero|queria|gostaria de) (te)? (fazer|perguntar) (uma pergunta|algo|uma coisa)",
    ],
    "a-person": [
      "$want $talk $person",
      "(falar|fala|conversar) com $person|como (posso|eu posso|faco para|se pode) falar com (um|uma)? (humano|pessoa|atendente|alguem|ser humano) (real|humano)?|(me)? (passe|passa|transfira|transfere|conecte|ligue|coloque|ponha) (me)? (para|com|a|em contato com|em contacto com) $person|(pode|podes|poderia|voce pode) (me)? (passar|transferir|ligar|conectar|colocar) (me)? (para|com|a|em contato com|em contacto com) $person",
      "(quero|queria|prefiro|preciso de) (um|uma) (humano|pessoa|atendente|ser humano|operador) (real|humana|humano|de verdade)?|(um|uma)? (humano|pessoa real|pessoa de verdade|atendente|ser humano|atendente humano)|(tem|ha|existe) (alguem|alguma pessoa|uma pessoa) (com quem|com que) (eu)? (possa|posso) (falar|conversar)|(alguem|uma pessoa|um humano) (pode|poderia) (me ligar|ligar me|me contactar|me contatar|me atender)|nao quero (falar com)? (um)? (robo|robot|bot|maquina)",
    ],
    upset: [
      "(voce|tu|vc|isto|isso|este bot|esse bot|este chat|esta resposta|que)? (e|es|esta|foi|sao) ($very)? ($very)? $rude|(que|mas que) ($very)? (merda|lixo|porcaria|bosta|vergonha|idiota|burro|bot|chat|estupidez) ($rude)?|(bot|robo|robot|chatbot|chat|assistente) ($very)? $rude|(voce|tu|isto|isso|vc)? nao (serve|serves|presta|prestas) (para|pra)? (nada)?",
      "merda|porra|caralho|foda se|foda|vai se foder|vai te foder|vai a merda|vai para o inferno|puta que pariu|filho da puta|fdp|vsf|cala a boca|cale se|idiota|imbecil|estupido|burro|inutil|otario|te odeio|odeio te|odeio isso|some daqui|desaparece|droga|aff|puts|que raiva|que saco",
      "(isso|isto)? nao (me)? (ajuda|ajudou|serve|serviu|adianta|adiantou|resolve) (em|de|muito)? (nada)?|(isso|isto)? nao (e|era|foi) (util|o que (eu)? (perguntei|pedi|queria|procuro|quero)|correto|verdade|a minha pergunta|minha pergunta)|(voce)? nao (respondeu|respondeste|responde|entende|entendeu|entendeste|percebes|percebeste) (a)? (minha pergunta|nada|pergunta)?|resposta (errada|incorreta|ma)|(isso)? (esta|e)? (errado|incorreto)|(voce)? nao (sabe|sabes) (de)? nada|(eu)? estou (muito)? (irritado|irritada|frustrado|frustrada|zangado|zangada|desiludido|chateado|chateada)",
    ],
    test: [
      "teste|test|testando|(isto|isso)? (e)? (so|apenas)? (um)? teste|(estou|to) (so)? (testando|a testar)|testando testando|(isto|isso|voce)? (funciona|ta funcionando|esta funcionando)|um dois tres testando",
    ],
  },
  borrowed: {
    greeting: ["hello|hi|hey|hola"],
    thanks: ["thanks|thank you|thx|gracias"],
    goodbye: ["bye|bye bye|ciao"],
    yes: ["yes"],
    no: ["no|nope"],
    ok: ["sorry|lol"],
    help: ["help"],
    upset: ["fuck|wtf"],
  },
  replies: {
    greeting: "Olá. O que gostaria de saber?",
    "how-are-you": "Tudo bem, obrigado. O que gostaria de saber?",
    thanks: "De nada. Se tiver outra pergunta, estou aqui.",
    goodbye: "Até logo e tenha um bom dia.",
    yes: "Muito bem. Pergunte o que quiser saber.",
    no: "Está bem. Se tiver outra pergunta, estou aqui.",
    ok: "Muito bem. Se tiver outra pergunta, estou aqui.",
    "who-are-you":
      "Sou {assistant}, o assistente de {organisation}: um programa que responde a perguntas com base nos documentos e mostra de onde vem a resposta.",
    "are-you-human":
      "Sou um programa, um assistente que responde com base nos documentos de {organisation}. Nenhuma pessoa escreve aqui.",
    "what-can-you-do":
      "Respondo a perguntas com base nos documentos de {organisation} e mostro a passagem em que a resposta se apoia.",
    topics: "Tratam, por exemplo, do seguinte: {topics}.",
    aboutTopic: "O que é «{topic}»?",
    begin: "Pode começar por uma destas perguntas:",
    nothingYet:
      "Respondo a perguntas com base nos documentos de {organisation}. Ainda não há nenhum, volte um pouco mais tarde.",
    help: "Faça a sua pergunta numa frase, como a uma colega. Procuro a resposta nos documentos de {organisation}.",
    "a-person": "Uma pessoa pode ajudar aqui: {contact}",
    noContact:
      "Daqui não consigo passar a conversa a uma pessoa. Diga-me de que se trata e procuro nos documentos de {organisation} quem trata disso.",
    orAPerson: "Ou pergunte a uma pessoa: {contact}",
    upset: "Lamento que isto não tenha ajudado. Diga-me numa frase do que precisa e procuro outra vez.",
    unclear: "Não percebi. Pode escrever como pergunta, em poucas palavras?",
    test: "Funciona. Faça uma pergunta quando quiser.",
  },
};
