import type { TalkLanguage } from "../language.ts";

export const spa: TalkLanguage = {
  code: "spa",
  short: "es",
  slots: {
    person:
      "(un|una|el|la|algun|alguna|otro|otra)? (humano|ser humano|persona|agente|agente humano|operador|operadora|asesor|asesora|companero|companera|representante|empleado|empleada) (real|humana|humano|de verdad|de carne y hueso)?|alguien (real|humano|mas|de verdad|del equipo)?|(el)? (soporte|servicio al cliente|atencion al cliente)",
    want: "(yo)? (quiero|quisiera|querria|me gustaria|necesito|prefiero|preferiria|deseo|desearia|quiro)|(puedo|podria|se puede|puede|es posible|puedes dejarme|dejame|dejeme|hay forma de|hay manera de)",
    talk: "(hablar|chatear|comunicarme|conversar|platicar|contactar|hablarle) (con|a)|ser (atendido|atendida) por|que me (atienda|comuniquen con|pasen con|ayude)|ponerme en contacto con|(contactar|llamar) (a)?|charlar con",
    very: "muy|tan|mas|bien|realmente|totalmente|completamente|bastante|re|super|una|un|puta|pura|puro",
    rude: "inutil|inutiles|tonto|tonta|estupido|estupida|idiota|imbecil|malo|mala|malisimo|malisima|pesimo|pesima|horrible|terrible|ridiculo|ridicula|basura|mierda|porqueria|asco|un asco|una mierda|una basura|una porqueria|bruto|bruta|lento|torpe|burro|patetico|patetica|una verguenza|no sirve|una broma|una tonteria|tonteria|absurdo|una perdida de tiempo",
  },
  beside: [
    "por favor|porfavor|porfa|x favor|pues|entonces|ya|y|eh|ah|oh|em|hum|bueno|aqui|ahi|ahora|hoy|tambien|otra vez|de nuevo|mi|a|tu|usted|vos",
    "a todos|a todas|todos|amigo|amiga|senor|senora|equipo|companeros|bot|chatbot|asistente|parley",
    "muchas|mucho|muchisimas|mil|infinitas|de verdad|de todo corazon|por todo|por eso|por ahora|de momento|por hoy|de antemano",
    "por (la|tu|su|vuestra|toda la|las|los|esa|el) (ayuda|respuesta|respuestas|informacion|info|atencion|aclaracion|tiempo|datos|dato)|por (ayudarme|responder|contestar|todo)",
  ],
  phrases: {
    greeting: [
      "hola|holaa|ola|hola hola|holi|holis|buenas|muy buenas|muy buenos|wenas|saludos|un saludo|que hay|que onda|que pasa|epa|ey|alo|alo alo|bienvenido",
      "(muy)? (buenos|buen|buenas) (dias|dia|tardes|noches|tarde|noche)|(hay|esta)? alguien (ahi|aqui|por ahi|por aqui)?|(estas|esta) (ahi|aqui)|(encantado|encantada|mucho gusto|un placer)",
    ],
    "how-are-you": [
      "(que tal|como estas|como esta|como esta usted|como estan|como te va|como le va|como va|como va todo|como andas|como anda|como has estado|que tal estas|que tal todo|todo bien|estas bien|esta bien usted|y tu|y usted|que cuentas|que haces|que tal el dia)",
    ],
    thanks: [
      "gracias|grax|grasias|gracia|(muchas|muchisimas|mil|mil y mil|infinitas|tantas) (gracias|grasias)|gracias (a ti|a usted|mil|totales|igualmente)|te lo agradezco|se lo agradezco|muy agradecido|muy agradecida|agradecido|agradecida|(te|le|les) agradezco|mil gracias|se agradece",
      "(es|eso es|fue|ha sido|muy|eres)? (muy)? (amable|util|de gran ayuda|de mucha ayuda)|(eso)? me (ayuda|ha ayudado|ayudo|sirve|sirvio|ha servido|fue util) (mucho|de mucho|bastante)?|(eso|con eso)? (es|era) todo (lo que (necesitaba|queria|queria saber|buscaba))?|justo lo que (necesitaba|buscaba)",
    ],
    goodbye: [
      "adios|adiosito|chao|chau|chaito|hasta (luego|pronto|manana|la vista|la proxima|otra|ahora|entonces|nunca|el lunes|siempre)|nos (vemos|hablamos|leemos)|(me)? (voy|tengo que irme|debo irme|despido)|cuidate|cuidese|que (te|le|les) vaya bien|adeu|agur",
      "(que)? (tengas|tenga|pases|pase|tengan|ten)? (un|una|unas|unos)? (buen|buena|feliz|excelente|lindo|linda|bonito|bonita|buenas|gran|bonitas) (dia|tarde|noche|finde|fin de semana|jornada|semana|vacaciones|descanso|viaje)|(ya)? (he terminado|termine|he acabado)",
    ],
    yes: [
      "si|sii|sip|si si|sip sip|claro|claro que si|por supuesto|desde luego|efectivamente|exacto|exactamente|correcto|asi es|cierto|es cierto|eso es|eso mismo|afirmativo|seguro|obvio|obviamente|como no|ya|si quiero|si senor|sin duda|totalmente|en efecto",
    ],
    no: [
      "no|nop|noo|no no|no gracias|para nada|en absoluto|nada|nada mas|nada de nada|ninguno|ninguna|nunca|jamas|aun no|todavia no|ahora no|mejor no|que va|no hace falta|no es necesario|eso es todo|es todo|asi esta bien|asi estoy bien|no nada mas|negativo|falso",
    ],
    ok: [
      "ok|okay|okey|oki|vale|de acuerdo|deacuerdo|entendido|entiendo|comprendo|comprendido|ya veo|ya entiendo|ya entendi|entendi|lo entiendo|muy bien|bien|bueno|esta bien|listo|dale|va|venga|sale|perfecto|anotado|tomo nota|lo se|ya lo se|ah ya|ajá|aja|de una|hecho|claro entiendo|k|okis",
      "(es|esta|eso es|que|muy|todo)? (genial|estupendo|excelente|perfecto|fantastico|maravilloso|bueno|buenisimo|guay|chevere|bacan|increible|interesante|super|magnifico|fenomenal|brutal|lindo|bonito)|bravo|buen trabajo|bien hecho|me alegro|me gusta|que bien|buena respuesta|buen bot",
      "perdon|perdona|perdone|disculpa|disculpe|disculpas|lo siento|ups|da igual|no importa|olvidalo|olvidelo|dejalo|dejelo|no pasa nada|no hay problema|tranquilo|tranquila|de nada|por nada|no hay de que|jaja|jajaja|jajajaja|jeje|jejeje|jiji|xd",
    ],
    "who-are-you": [
      "(y)? (tu)? (quien|que) (eres|es usted|sos|es|eres tu|sos vos) (tu|usted)?|(con)? quien (hablo|estoy hablando|tengo el gusto|estoy chateando)|con quien (hablo|estoy hablando|tengo el gusto|chateo|estoy chateando|me comunico)|quien (esta ahi|anda ahi|me responde|me contesta|responde)",
      "(como|cual) (te llamas|se llama usted|se llama|es tu nombre|es su nombre|te llamas tu)|(tu|su) nombre|(tienes|tiene) nombre|presentate|presentese|(hablame|cuentame) (algo)? (de|sobre) ti|quien te (ha)? (creado|creo|hizo|hecho|programo|programado|desarrollo|invento)|de donde (eres|es|vienes)|cuantos anos tienes|eres (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|nuevo|hombre|mujer)|que (modelo|ia|tipo de bot|tipo de ia|clase de bot) eres",
    ],
    "are-you-human": [
      "(eres|es|es usted|sos|eres tu|estoy hablando con|hablo con|es esto|esto es|sera) (de verdad|realmente|solo|acaso)? (un|una)? (verdadero|verdadera|autentico|autentica)? (humano|humana|persona|ser humano|robot|bot|chatbot|maquina|ordenador|computadora|programa|ia|inteligencia artificial|real) (real|humana|de verdad)? (o (con|eres|es)? (un|una)? (humano|persona|robot|bot|maquina|ia|ordenador|computadora|chatbot|programa|no))?",
      "(hay)? (un|una)? (humano|persona|alguien) (real)? (detras|ahi detras|al otro lado)|eres (solo)? (un|una) (bot|robot|maquina)",
    ],
    "what-can-you-do": [
      "(que|en que|con que|que cosas|que mas) (puedes|puede|sabes|sabe|haces|hace|podrias|podria|podes) (hacer|ayudarme|ayudar|decirme|responder|ofrecer|resolver|contestar|hacer por mi|hacer usted|ayudarnos|hacer tu)?|(que|que cosas|sobre que) (puedo|se puede|podria|debo) (preguntar|preguntarte|preguntarle|hacer|pedirte|consultar|consultarte|preguntar aqui|hacer aqui)|(que|cuales|que tipo de|que clase de|sobre que) (preguntas|temas|documentos|consultas) (puedes|puede|puedo|conoces|conoce|sabes|manejas|tienes|cubres) (responder|contestar|hacer|hacerte|resolver|tratar|hablar)?",
      "(como|de que manera) (puedes|puede|podrias|me puedes|me puede) (ayudar|ayudarme|ayudarnos)|en que me (puedes|puede|podrias) ayudar|(para que|de que) (sirves|sirve|estas|eres|sirve este chat|sirve esto)|como (funcionas|funciona usted|funciona este chat|funciona este chatbot|funciona este asistente|trabajas|te uso|se usa este chat)|(cual|cuales) (es|son) (tu|tus|su|sus) (funcion|funciones|capacidades|habilidades|proposito|trabajo)|que (sabes|conoces|sabe) (tu|usted)?|a que te dedicas|cuales son tus (funciones|capacidades|habilidades)",
    ],
    help: [
      "ayuda|ayudame|ayudeme|ayudenme|socorro|auxilio|(me)? (puedes|puede|podrias|podria|podes) (ayudar|ayudarme|ayudarnos|echar una mano|echarme una mano)|(me)? (puedes|puede|podrias|podria) ayudar|alguien (me)? (puede|podria) (ayudar|ayudarme)|alguien me puede ayudar|alguien puede ayudarme|(necesito|quiero|quisiera|requiero|preciso) (un poco de|tu|su|mucha|vuestra|algo de)? (ayuda|asistencia)|necesito que me (ayudes|ayude)|estoy (perdido|perdida|atascado)|sos|no se que (hacer|preguntar)",
      "(tengo|tenia|tendria|tenemos) (una|unas|varias|algunas|otra|dos|un)? (pequena|breve)? (pregunta|preguntas|duda|dudas|consulta|consultas|problema)|(puedo|podria|se puede|te puedo|le puedo) (hacerte|hacerle|hacer|preguntarte|preguntarle|preguntar|consultarte) (una|algo|unas|otra)? (pregunta|preguntas|consulta|cosa)?|(una)? (pregunta|consulta|duda)|(quiero|quisiera|me gustaria) (hacerte|hacerle|hacer|preguntarte|preguntar|consultar) (una pregunta|algo|una consulta|unas preguntas)",
    ],
    "a-person": [
      "$want $talk $person",
      "como (puedo|podria|se puede) (hablar|chatear) con (un|una)? (humano|persona|agente|operador|alguien) (real|humano)?",
      "(hablar|habla|chatear) con $person|(comunicame|comuniqueme|pasame|paseme|conectame|conecteme|ponme|transfiereme|transfierame|derivame|derivadme) (con|a) $person|(me)? (puedes|puede|podrias|podria) (pasar|comunicar|poner|conectar|transferir|pasarme|comunicarme|ponerme) (en contacto)? (con|a) $person",
      "(quiero|necesito|prefiero|quisiera) (a)? (un|una) (humano|persona|agente|operador|asesor|asesora|operadora|ser humano|representante) (real|humana|humano|de verdad)?|(un|una) (humano|persona real|persona de verdad|agente humano|ser humano)|humano|persona real|agente humano|(hay|existe) (alguien|alguna persona|una persona|un humano) (real)? (con quien|con la que|con el que|que) (pueda|puedo|me) (hablar|atienda|ayudar)|(alguien|una persona|un humano) (puede|podria|me puede) (llamarme|contactarme|atenderme|llamar|contactar|atender)|que me llame (alguien|una persona)|no quiero (hablar con)? (un|una)? (robot|bot|maquina)",
    ],
    upset: [
      "(tu|usted|esto|eso|este bot|este chat|esta respuesta|que)? (eres|es|esta|sos|son|fue) ($very)? ($very)? $rude|(que|vaya|menuda|menudo|puta) ($very)? (mierda|basura|asco|porqueria|tonteria|estupidez|inutil|idiota|verguenza|desastre|$rude) ($rude)?|(puto|puta|maldito|maldita|estupido|estupida) (bot|chat|robot|maquina|asistente)|(bot|robot|chatbot|chat|asistente) ($very)? $rude|no (sirves|sirve|vales) (para)? (nada)?",
      "mierda|joder|carajo|cono|puta|puta madre|hijo de puta|vete a la mierda|vete al (carajo|infierno|diablo)|andate a la mierda|que te (jodan|den)|chinga tu madre|a la chingada|callate|callese|cierra la boca|imbecil|idiota|estupido|tonto|inutil|cabron|pendejo|gilipollas|capullo|te odio|lo odio|largate|maldita sea|me cago en todo|estoy harto|estoy harta|uf|uff|grr",
      "(eso|esto)? no (me)? (ayuda|ayudo|sirve|sirvio|ha ayudado|ha servido|resuelve) (en|de|para)? (nada|mucho)?|(eso|esto)? no (es|era|fue) (util|lo que (pregunte|pedi|queria|necesito|buscaba)|correcto|cierto|verdad|mi pregunta|la respuesta|lo que pregunto)|no (has|ha|respondes|responde|contestas|entiendes|entiende|entendiste|entendio|me entiendes) (respondido|contestado|entendido)? (a)? (mi pregunta|nada|la pregunta|lo que pregunto)?|respuesta (incorrecta|equivocada|mala)|(eso)? (esta|es) (mal|incorrecto|equivocado|falso)|(no)? sabes nada|no tienes ni idea|estoy (muy)? (enfadado|enfadada|enojado|enojada|frustrado|frustrada|molesto|molesta|decepcionado)",
    ],
    test: [
      "test|prueba|probando|(esto es|es|solo|solo es)? (solo)? (una)? prueba|prueba prueba|(solo)? (estoy|estaba) (solo)? probando|probando probando|uno dos tres|(esto|funciona|funcionas|va) (esto|funciona|va)?|hago una prueba",
    ],
  },
  borrowed: {
    greeting: ["hello|hi|hey|bonjour"],
    thanks: ["thanks|thank you|thx|merci|obrigado|obrigada"],
    goodbye: ["bye|bye bye|ciao"],
    yes: ["yes|yep"],
    no: ["nope"],
    ok: ["lol|sorry"],
    help: ["help"],
    upset: ["fuck|wtf"],
  },
  replies: {
    greeting: "Hola. ¿Qué le gustaría saber?",
    "how-are-you": "Muy bien, gracias. ¿Qué le gustaría saber?",
    thanks: "De nada. Si tiene otra pregunta, aquí estoy.",
    goodbye: "Hasta luego, que tenga un buen día.",
    yes: "Bien. Pregunte lo que quiera saber.",
    no: "De acuerdo. Si tiene otra pregunta, aquí estoy.",
    ok: "Bien. Si tiene otra pregunta, aquí estoy.",
    "who-are-you":
      "Soy {assistant}, el asistente de {organisation}: un programa que responde preguntas a partir de sus documentos y muestra de dónde sale la respuesta.",
    "are-you-human":
      "Soy un programa, un asistente que responde a partir de los documentos de {organisation}. Aquí no escribe ninguna persona.",
    "what-can-you-do":
      "Respondo preguntas a partir de los documentos de {organisation} y muestro el pasaje en que se apoya la respuesta.",
    topics: "Tratan, por ejemplo, de lo siguiente: {topics}.",
    aboutTopic: "¿Qué hay de «{topic}»?",
    begin: "Puede empezar con una de estas preguntas:",
    nothingYet:
      "Respondo preguntas a partir de los documentos de {organisation}. Todavía no hay ninguno, vuelva un poco más tarde.",
    help: "Haga su pregunta en una frase, como a una compañera. Busco la respuesta en los documentos de {organisation}.",
    "a-person": "Una persona puede ayudarle aquí: {contact}",
    noContact:
      "Desde aquí no puedo ponerle en contacto con una persona. Dígame de qué se trata y busco en los documentos de {organisation} quién se encarga de ello.",
    orAPerson: "O pregunte a una persona: {contact}",
    upset: "Lo siento, esto no ha ayudado. Dígame en una frase lo que necesita y vuelvo a buscar.",
    unclear: "No lo he entendido. ¿Puede escribirlo como una pregunta, en pocas palabras?",
    test: "Funciona. Haga una pregunta cuando quiera.",
  },
};
