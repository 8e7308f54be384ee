/**
 * What a sentence can hold that answers a kind of question, in the languages that Parley has most documents of.
 * Own work: ordinary words, folded (lower case, no marks). Languages are named as in `language.ts`.
 */
import type { PhraseTable } from "./phrases.ts";

export const NUMBER_WORDS: PhraseTable = {
  eng: "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand|one|half|double|twice|once|unlimited|no limit",
  deu: "zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|zwolf|funfzehn|zwanzig|dreissig|vierzig|funfzig|sechzig|hundert|tausend|halb*|doppelt*|unbegrenzt|einmal|zweimal|dreimal",
  fra: "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|mille|demi*|moitie|double|illimite*|une fois",
  spa: "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|cien|ciento|mil|medio|media|mitad|doble|ilimitad*|una vez",
  ita: "due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|quindici|venti|trenta|quaranta|cinquanta|sessanta|cento|mille|mezzo|mezza|meta|doppio|illimitat*|una volta",
  por: "dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|quinze|vinte|trinta|quarenta|cinquenta|sessenta|cem|cento|mil|meio|meia|metade|dobro|ilimitad*|uma vez",
  nld: "twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|vijftien|twintig|dertig|veertig|vijftig|zestig|honderd|duizend|half|halve|dubbel*|onbeperkt|eenmaal|tweemaal",
  rus: "два|две|двух|три|трех|четыре|четырех|пять|пяти|шесть|шести|семь|восемь|девять|десять|десяти|двенадцать|пятнадцать|двадцать|тридцать|сорок|пятьдесят|сто|тысяч*|половин*|вдвое|один раз|одного|неограничен*",
  arb: "اثنان|اثنين|يومان|يومين|شهران|شهرين|اسبوعان|اسبوعين|سنتان|سنتين|ثلاث*|اربع*|خمس*|ست|ستة|ستين|سبع*|ثمان*|تسع*|عشر*|مئة|مائة|الف|نصف|مرة|مرتين|ضعف",
  cmn: "一个|一天|一次|一年|两|二|三|四|五|六|七|八|九|十|百|千|万|半|无限",
  jpn: "一つ|一回|二|三|四|五|六|七|八|九|十|百|千|万|半分|無制限",
};

export const TIME_UNITS: PhraseTable = {
  eng: "seconds|second|minutes|minute|mins|min|hours|hour|hrs|days|day|weeks|week|months|month|years|year|yrs|quarter|quarters|fortnight|immediately|permanently|indefinitely|24h|48h|72h",
  deu: "sekunde*|minute*|std|stunde*|tag|tage|tagen|tages|werktag*|arbeitstag*|kalendertag*|woche*|monat*|jahr|jahre|jahren|jahres|quartal*|sofort|unverzuglich|unbefristet|24h|48h",
  fra: "seconde*|minute*|heure|heures|h|jour|jours|journee*|semaine*|mois|an|ans|annee*|trimestre*|immediatement|24h|48h|72h",
  spa: "segundo*|minuto*|hora|horas|dia|dias|semana*|mes|meses|ano|anos|trimestre*|inmediatamente|24h|48h",
  ita: "secondi|secondo|minuto|minuti|ora|ore|giorno|giorni|settiman*|mese|mesi|anno|anni|trimestre|immediatamente|24h|48h",
  por: "segundo*|minuto*|hora|horas|dia|dias|semana*|mes|meses|ano|anos|trimestre*|imediatamente|24h|48h",
  nld: "seconde*|minuut|minuten|uur|uren|dag|dagen|werkdag*|week|weken|maand|maanden|jaar|jaren|kwartaal|onmiddellijk|24h|48h",
  rus: "секунд*|минут*|час|часа|часов|часам|день|дня|дней|дню|недел*|месяц*|год|года|лет|году|годов|квартал*|сутки|суток|немедленно",
  arb: "ثانية|ثوان|دقيقة|دقائق|ساعة|ساعات|ساعتين|يوم|ايام|يوما|يومين|اسبوع|اسابيع|اسبوعين|شهر|شهرا|اشهر|شهور|شهرين|سنة|سنوات|سنتين|عام|اعوام|فورا",
  cmn: "秒|分钟|小时|天|日内|工作日|周|星期|个月|月内|年|季度|立即",
  jpn: "秒|分|時間|日間|日以内|営業日|週間|週|か月|ヶ月|カ月|月以内|年|四半期|直ちに|すぐ",
};

export const LENGTH_UNITS: PhraseTable = {
  eng: "long|longer|characters|character|letters|digits|words|pages|cm|mm|m|km|metres|meters|inches|feet|miles",
  deu: "lang|langer|zeichen|buchstaben|ziffern|stellen|worter|seiten|cm|mm|m|km|meter",
  fra: "long|longue|caracteres|lettres|chiffres|mots|pages|cm|mm|m|km|metres",
  spa: "largo|caracteres|letras|cifras|palabras|paginas|cm|mm|m|km|metros",
  ita: "lungo|lunga|caratteri|lettere|cifre|parole|pagine|cm|mm|m|km|metri",
  por: "comprimento|caracteres|letras|digitos|palavras|paginas|cm|mm|m|km|metros",
  nld: "lang|langer|tekens|letters|cijfers|woorden|bladzijden|cm|mm|m|km|meter",
  rus: "длин*|символ*|знак*|букв*|цифр*|слов|страниц*|см|мм|м|км|метр*",
  arb: "طول|حرف*|احرف|حروف|ارقام|كلمات|صفحات|سم|متر|كم",
  cmn: "长|字符|位|字|页|厘米|毫米|米|公里",
  jpn: "文字|桁|長|語|ページ|センチ|ミリ|メートル|キロ",
};

export const CALENDAR: PhraseTable = {
  eng: "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekday*|weekend*|noon|midnight|am|pm|a m|p m|morning|afternoon|evening|quarter|end of the year|end of the month|before|after|until|by the|as soon as|prior to|within|upon|once",
  deu: "januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|montag*|dienstag*|mittwoch*|donnerstag*|freitag*|samstag*|sonnabend*|sonntag*|werktag*|wochenende*|uhr|mittag*|mitternacht|morgens|abends|jahresende|monatsende|bis zum|vor dem|nach dem|spatestens|ab dem|sobald|innerhalb",
  fra: "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|lundi*|mardi*|mercredi*|jeudi*|vendredi*|samedi*|dimanche*|midi|minuit|matin|soir|week end|fin de l annee|fin du mois|avant|apres|jusqu|au plus tard|des que|a partir|lors de|heures|h",
  spa: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes|miercoles|jueves|viernes|sabado*|domingo*|mediodia|medianoche|manana|tarde|noche|fin de semana|final de ano|fin de mes|antes|despues|hasta|a partir|a mas tardar|en cuanto|dentro de",
  ita: "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|mezzogiorno|mezzanotte|mattina|sera|fine settimana|fine anno|fine mese|prima|dopo|fino a|entro|a partire|non appena",
  por: "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|segunda feira|terca feira|quarta feira|quinta feira|sexta feira|segunda|terca|quarta|quinta|sexta|sabado*|domingo*|meio dia|meia noite|manha|tarde|noite|fim de semana|fim do ano|fim do mes|antes|depois|apos|ate|a partir|o mais tardar|assim que|dentro de",
  nld: "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|maandag*|dinsdag*|woensdag*|donderdag*|vrijdag*|zaterdag*|zondag*|uur|middag|middernacht|ochtend|avond|weekend|eind van het jaar|voor de|na de|uiterlijk|vanaf|tot|zodra|binnen",
  rus: "январ*|феврал*|март*|апрел*|мая|май|июн*|июл*|август*|сентябр*|октябр*|ноябр*|декабр*|понедельник*|вторник*|сред*|четверг*|пятниц*|суббот*|воскресен*|полдень|полночь|утра|вечера|часов|до конца|не позднее|после|до|перед|начиная|с момента|в течение",
  arb: "يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة|السبت|صباحا|مساء|ظهرا|الساعة|قبل|بعد|حتى|خلال|في موعد",
  cmn: "月|日|号|点|星期|周一|周二|周三|周四|周五|周六|周日|上午|下午|晚上|中午|之前|以前|之后|以后|起|截止|底",
  jpn: "月|日|時|曜|午前|午後|正午|までに|以前|以降|前に|後に|末",
};

export const FREQUENCIES: PhraseTable = {
  eng: "every|each|per|daily|weekly|monthly|yearly|annually|annual|quarterly|hourly|fortnightly|once|twice|times|regularly|biweekly|bi weekly",
  deu: "jede|jeden|jedes|jeder|alle|pro|taglich*|wochentlich*|monatlich*|jahrlich*|vierteljahrlich*|stundlich*|einmal|zweimal|dreimal|mal|regelmassig*",
  fra: "chaque|tous les|toutes les|par|quotidien*|hebdomadaire*|mensuel*|annuel*|trimestriel*|fois|regulierement",
  spa: "cada|todos los|todas las|por|al|diari*|semanal*|mensual*|anual*|trimestral*|vez|veces|regularmente",
  ita: "ogni|tutti i|tutte le|al|alla|giornalier*|settimanal*|mensil*|annual*|trimestral*|volta|volte|regolarmente",
  por: "cada|todos os|todas as|por|ao|diari*|semanal*|mensal*|mensais|anual*|anuais|trimestral*|vez|vezes|regularmente",
  nld: "elke|elk|ieder|iedere|per|dagelijks*|wekelijks*|maandelijks*|jaarlijks*|keer|maal|eenmaal|tweemaal|regelmatig",
  rus: "кажд*|ежедневн*|еженедельн*|ежемесячн*|ежегодн*|ежеквартальн*|раз|раза|регулярно",
  arb: "كل|يوميا|اسبوعيا|شهريا|سنويا|مرة|مرتين|مرات|بانتظام",
  cmn: "每|一次|两次|三次|次|定期",
  jpn: "毎|ごと|一回|回|定期",
};

export const MONEY_WORDS: PhraseTable = {
  eng: "euro|euros|dollar|dollars|pound|pounds|cents|francs|free of charge|for free|free|no charge|paid|reimbursed",
  deu: "euro|franken|cent|dollar|kostenlos|kostenfrei|gratis|unentgeltlich",
  fra: "euro|euros|francs|centimes|dollars|gratuit*|rembourse*",
  spa: "euro|euros|dolares|pesos|gratis|gratuit*|sin coste|sin costo",
  ita: "euro|franchi|dollari|gratis|gratuit*",
  por: "euro|euros|reais|dolares|gratis|gratuit*",
  nld: "euro|euros|dollar|gratis|kosteloos",
  rus: "руб*|рублей|евро|доллар*|бесплатн*",
  arb: "ريال*|درهم*|دينار*|جنيه*|دولار*|يورو|مجان*",
  cmn: "元|美元|欧元|人民币|免费",
  jpn: "円|ドル|ユーロ|無料",
};

export const PLACES: PhraseTable = {
  eng: "room|floor|building|street|road|avenue|office|desk|entrance|hall|address|located|location|page|site|folder|portal|intranet|website|tab|menu|link|available on|available at|available in|stored|found in|found on|next to|opposite|drawer|cupboard|shelf",
  deu: "raum|zimmer|stock|etage|erdgeschoss|obergeschoss|gebaude|strasse|platz|buro|empfang|eingang|halle|adresse|befindet|befinden|liegt|liegen|seite|ordner|portal|intranet|menu|link|neben|gegenuber|schrank|schublade|regal",
  fra: "salle|etage|batiment|rue|avenue|boulevard|bureau|accueil|entree|adresse|situe*|se trouve*|page|site|dossier|portail|intranet|menu|onglet|lien|a cote|en face|armoire|tiroir|mur|murs",
  spa: "sala|planta|piso|edificio|calle|avenida|oficina|despacho|recepcion|entrada|direccion|situad*|ubicad*|se encuentra*|pagina|sitio|carpeta|portal|intranet|menu|pestana|enlace|junto a|frente a|armario|cajon",
  ita: "stanza|sala|piano|edificio|via|viale|piazza|ufficio|reception|ingresso|indirizzo|situat*|si trova|si trovano|pagina|sito|cartella|portale|intranet|menu|scheda|link|accanto|di fronte|armadio|cassetto",
  por: "sala|andar|piso|edificio|rua|avenida|escritorio|gabinete|rececao|recepcao|entrada|morada|endereco|situad*|localizad*|fica|encontra se|pagina|site|pasta|portal|intranet|menu|separador|ligacao|ao lado|em frente|armario|gaveta",
  nld: "kamer|zaal|verdieping|begane grond|gebouw|straat|laan|plein|kantoor|receptie|ingang|adres|bevindt|bevinden|ligt|liggen|pagina|site|map|portaal|intranet|menu|tabblad|link|naast|tegenover|kast|lade",
  rus: "кабинет*|комнат*|этаж*|здани*|улиц*|офис*|приемн*|вход*|адрес*|находит*|расположен*|страниц*|сайт*|папк*|портал*|меню|ссылк*|рядом|напротив|шкаф*",
  arb: "غرفة|قاعة|طابق|الطابق|مبنى|المبنى|شارع|مكتب|المكتب|الاستقبال|مدخل|المدخل|عنوان|يقع|تقع|صفحة|موقع|مجلد|بوابة|قائمة|رابط|بجانب|مقابل",
  cmn: "室|楼|层|号楼|街|路|大厅|前台|入口|地址|位于|页面|网站|文件夹|门户|菜单|链接|旁边|对面|柜",
  jpn: "室|階|棟|通り|受付|入口|玄関|住所|にあり|ページ|サイト|フォルダ|ポータル|メニュー|リンク|隣|向かい|棚",
};

export const ROLES: PhraseTable = {
  eng: "manager|managers|supervisor|boss|director|head|chief|lead|leader|team|department|division|unit|office|officer|desk|service desk|help desk|helpdesk|hr|human resources|administrator|admin|administrators|owner|owners|secretary|secretariat|committee|board|staff|employees|employee|employer|people|users|everyone|anyone|agency|company|colleague|colleagues|coordinator|representative|doctor|nurse|personnel|supplier|president|minister",
  deu: "vorgesetzt*|fuhrungskraft|fuhrungskrafte|chef*|leiter*|leitung|teamleitung|abteilung*|team|teams|stelle|buro|amt|personalabteilung|personal|verwaltung|administrator*|verantwortlich*|beauftragt*|sekretariat|ausschuss|vorstand|geschaftsfuhrung|betriebsrat|personalrat|mitarbeit*|beschaftigt*|arbeitgeber*|kolleg*|koordinat*|arzt|arztin|helpdesk|zustandig*|prasident*",
  fra: "responsable*|manager*|superieur*|chef*|directeur*|directrice*|direction|equipe*|service|services|departement|bureau|unite|ressources humaines|rh|administrat*|secretariat|comite|conseil|agent|agents|employe*|employeur|salarie*|collegue*|coordinat*|referent*|medecin|personne*|membre*|president*|titulaire*|incubateur",
  spa: "responsable*|gerente*|supervisor*|superior*|jefe*|jefa*|director*|direccion|equipo*|departamento*|servicio|unidad|oficina|recursos humanos|rrhh|administrad*|secretaria|comite|consejo|emplead*|trabajador*|companer*|coordinad*|medico|persona*|president*",
  ita: "responsabil*|manager|superior*|capo|direttor*|direttrice|direzione|squadra|team|reparto|dipartimento|ufficio|unita|risorse umane|hr|amministra*|segreteria|comitato|consiglio|dipendent*|collegh*|colleg*|coordinat*|referente|medico|person*|president*",
  por: "responsave*|gerente*|gestor*|supervisor*|superior*|chefe*|chefia|diretor*|diretora|direcao|equipa*|equipe*|departamento*|servico|unidade|gabinete|recursos humanos|rh|administrad*|secretaria|comite|conselho|funcionari*|trabalhador*|colega*|coordenad*|medico|pessoa*|president*",
  nld: "leidinggevende*|manager*|baas|chef|directeur*|directie|hoofd|team|teams|afdeling*|dienst|bureau|kantoor|eenheid|personeelszaken|hr|beheerder*|secretariaat|commissie|raad|medewerker*|werknemer*|werkgever|collega*|coordinator*|arts|bedrijfsarts|verantwoordelijk*|persoon|personen|president*",
  rus: "руководител*|начальник*|директор*|дирекц*|менеджер*|отдел*|команд*|служб*|бюро|подразделени*|кадр*|администра*|секретар*|комитет*|совет*|сотрудник*|работник*|работодател*|коллег*|координатор*|врач*|ответственн*|лицо|президент*|бухгалтер*",
  arb: "المدير|مدير*|رئيس*|المشرف|مشرف*|فريق*|الفريق|قسم*|القسم|ادارة|الادارة|مكتب*|المكتب|وحدة|الموارد البشرية|المسؤول|مسؤول*|لجنة|مجلس|موظف*|الموظف*|زميل*|منسق*|طبيب*|شخص",
  cmn: "经理|主管|领导|主任|总监|部门|部|团队|小组|办公室|人力资源|人事|管理员|负责人|委员会|员工|同事|协调员|医生|秘书|财务|总裁",
  jpn: "部長|課長|上司|マネージャー|責任者|担当|部署|部|課|チーム|室|人事|管理者|委員会|社員|従業員|同僚|医師|秘書|総務|経理|社長",
};

/** Says what a whole is made of. */
export const INCLUDES: PhraseTable = {
  eng: "include|includes|including|included|contains|contain|consists of|consist of|comprises|comes with|made up of|covers",
  deu: "enthalt|enthalten|umfasst|umfassen|besteht aus|bestehen aus|beinhaltet|inklusive|gehoren|gehort|inbegriffen",
  fra: "comprend|comprennent|contient|contiennent|inclut|incluent|inclus|compose*|y compris|couvre|regroupe",
  spa: "incluye|incluyen|contiene|contienen|comprende|consta de|constan de|incluid*|compuest*|cubre",
  ita: "include|includono|contiene|contengono|comprende|comprendono|compres*|inclus*|compost*|copre",
  por: "inclui|incluem|contem|compreende|composto|incluid*|consiste em|abrange|cobre",
  nld: "bevat|bevatten|omvat|omvatten|bestaat uit|bestaan uit|inclusief|inbegrepen|hoort|horen",
  rus: "включает|включают|содержит|содержат|входит|входят|состоит|состоят|включая",
  arb: "يشمل|تشمل|يتضمن|تتضمن|يحتوي|تحتوي|يتكون|تتكون|بما في ذلك",
  cmn: "包括|包含|含有|由…组成|内有|附带",
  jpn: "含まれ|含む|含み|から成|入って|付属",
};

/** May, must, must not, is entitled to, is possible …, and a plain yes or no. */
export const MODALS: PhraseTable = {
  eng: "paid|unpaid|voluntary|compulsory|forbid|can|cannot|can t|could|may|may not|might|must|mustn t|must not|shall|should|shouldn t|should not|need to|needs to|need not|have to|has to|required|requires|require|allowed|not allowed|permitted|prohibited|forbidden|banned|eligible|entitled|able to|unable|possible|impossible|only|never|always|do not|don t|does not|doesn t|not|no longer|recommended|available|unavailable|supported|provide|provided|approved|approval|without|mandatory|optional|except|unless|if you|refuse",
  deu: "zwingend|optional|bezahlt|unbezahlt|kann|kannst|konnen|konnt|darf|darfst|durfen|muss|mussen|musst|mussten|soll|sollen|sollte|sollten|nicht|kein|keine|keinen|keiner|nie|niemals|nur|erlaubt|gestattet|zulassig|unzulassig|verboten|untersagt|moglich|unmoglich|erforderlich|notwendig|notig|verpflichtend|verpflichtet|pflicht|freiwillig|anspruch|berechtigt|genehmigt|genehmigung|zustimmung|ohne|ausser|empfohlen",
  fra: "imperati*|optionnel*|volontaire*|indispensable*|remunere*|peut|peux|pouvez|peuvent|pourra*|pouvons|pourrez|doit|dois|devez|doivent|devra*|devrez|faut|ne|pas|jamais|uniquement|seulement|autorise*|interdit*|permis*|possible|impossible|necessaire|obligatoire|facultatif*|droit|eligible*|besoin|sans|sauf|recommand*|valide*|validation|accord|assure*",
  spa: "imprescindible|indispensable|remunerad*|pagad*|puede|puedes|pueden|podra*|podemos|debe|debes|deben|debera*|hay que|tiene que|tienen que|no|nunca|solo|unicamente|permitid*|permite*|prohibid*|autorizad*|posible|imposible|necesari*|obligatori*|opcional|voluntari*|derecho|sin|salvo|excepto|recomend*|aprobacion",
  ita: "indispensabil*|opzional*|retribuit*|pagat*|puo|puoi|possono|potra*|possiamo|deve|devi|devono|dovra*|bisogna|non|mai|solo|soltanto|consentit*|permess*|vietat*|autorizzat*|possibil*|impossibil*|necessari*|obbligatori*|facoltativ*|diritto|senza|salvo|tranne|raccomand*|approvazione",
  por: "imprescindivel|indispensavel|remunerad*|pag*|pode|podes|podem|podera*|podemos|deve|deves|devem|devera*|tem de|tem que|nao|nunca|so|apenas|somente|permitid*|permite*|proibid*|autorizad*|possivel|impossivel|necessari*|obrigatori*|opcional|facultativ*|direito|sem|salvo|exceto|recomend*|aprovacao",
  nld: "optioneel|betaald|onbetaald|kan|kunt|kunnen|mag|mogen|moet|moeten|dient|dienen|niet|geen|nooit|alleen|uitsluitend|toegestaan|verboten|verboden|mogelijk|onmogelijk|nodig|verplicht|vrijwillig|recht|zonder|behalve|tenzij|aanbevolen|toestemming|goedkeuring",
  rus: "оплачива*|неоплачива*|необязательн*|может|можете|могут|можно|нельзя|должен|должна|должны|следует|необходимо|нужно|надо|не|нет|никогда|только|разреш*|запрещ*|допуска*|возможн*|невозможн*|обязательн*|обязан*|добровольн*|право|без|кроме|рекоменд*|согласи*|соглас*",
  arb: "مدفوع*|طوعي*|يمكن|يمكنك|يجوز|لا|لن|ليس|يجب|ينبغي|عليك|مسموح|يسمح|ممنوع|محظور|يحظر|ممكن|ضروري|الزامي|اختياري|يحق|فقط|ابدا|بدون|دون|الا|موافقة",
  cmn: "带薪|无薪|自愿|可选|务必|可以|可|不可|不能|不得|不允许|允许|必须|需要|须|应|应当|禁止|严禁|无需|不需要|只能|仅|除非|有权|不|没有|批准|建议",
  jpn: "有給|無給|任意|できます|できる|できません|してはいけません|禁止|許可|必要|不要|ください|なければなりません|べき|可能|不可|のみ|だけ|ない|ません|承認|任意|必須",
};

export const YES_OR_NO: PhraseTable = {
  eng: "yes|no|yep|nope|only if|not necessarily",
  deu: "ja|nein|nur wenn|nicht unbedingt",
  fra: "oui|non|seulement si|pas forcement",
  spa: "si|no|solo si",
  ita: "si|no|solo se",
  por: "sim|nao|so se|apenas se",
  nld: "ja|nee|alleen als",
  rus: "да|нет|только если",
  arb: "نعم|لا|كلا",
  cmn: "是的|可以|不可以|不能|不行|不是|不需要",
  jpn: "はい|いいえ",
};

export const REASONS: PhraseTable = {
  eng: "because|since|so that|in order to|due to|therefore|as a result|reason|thus|to ensure|to avoid|to prevent|to protect|this means|otherwise|to make sure|purpose|allows|helps|is used to|are used to",
  deu: "weil|da|damit|um zu|aufgrund|wegen|daher|deshalb|deswegen|grund|somit|sonst|denn|zweck|dient|dienen|schutz*",
  fra: "parce que|parce qu|car|afin|pour que|en raison|donc|c est pourquoi|raison|sinon|grace a|permet*|sert|servent|eviter|garantir|but|objectif",
  spa: "porque|ya que|para que|a fin de|debido a|por eso|por lo tanto|razon|motivo|de lo contrario|permite*|sirve*|evitar|garantizar|objetivo",
  ita: "perche|poiche|affinche|al fine|a causa|quindi|pertanto|motivo|altrimenti|permette|consente|serve|servono|evitare|garantire|scopo",
  por: "porque|ja que|para que|a fim de|devido a|por isso|portanto|motivo|razao|caso contrario|permite*|serve*|evitar|garantir|objetivo",
  nld: "omdat|want|zodat|om te|vanwege|wegens|daarom|dus|reden|anders|dient|dienen|voorkomen|doel",
  rus: "потому что|так как|поскольку|чтобы|из за|поэтому|причин*|иначе|для того|позволя*|служит|избежать|цель*",
  arb: "لان|لانه|لانها|بسبب|لكي|حتى|لذلك|من اجل|سبب|والا|يتيح|يسمح|لضمان|لتجنب|بهدف",
  cmn: "因为|由于|为了|以便|因此|所以|原因|否则|目的|避免|确保",
  jpn: "ため|ので|から|理由|したがって|そのため|さもないと|目的|防ぐ",
};

/** Verbs that say what to do. */
export const ACTIONS: PhraseTable = {
  eng: "click|select|choose|open|go to|log in|log on|sign in|fill|fill in|fill out|complete|submit|send|email|call|contact|ask|request|use|visit|download|install|enter|type|press|follow|report|raise|create|add|set|check|make sure|apply|book|register|notify|inform|let|tell|read|refer to|see|get|bring|take|start|begin|update|change|please|you can|you should|you must|you need",
  deu: "klick*|wahle*|offne*|gehe*|melde*|anmelden|ausfullen|fulle*|sende*|schicke*|rufe*|kontaktiere*|frage*|fragen|beantrage*|nutze*|verwende*|besuche*|lade*|installier*|gib|geben|druck*|folge*|erstell*|trage*|prufe*|buche*|registrier*|informier*|wende*|lese*|reiche*|bitte|mussen sie|konnen sie|du kannst|du musst",
  fra: "clique*|selectionne*|choisi*|ouvr*|aller|allez|va sur|connecte*|rempli*|complete*|envoye*|envoie*|ecri*|appele*|appelle*|contacte*|demande*|utilise*|visite*|telecharge*|installe*|saisi*|suiv*|suis|signale*|cree*|ajoute*|verifie*|reserve*|inscri*|informe*|previen*|consulte*|lire|il faut|tu peux|vous pouvez|tu dois|vous devez|veuillez",
  spa: "haga|haz|hacer clic|seleccion*|elija|elige|abra|abre|vaya|acceda|accede|inicie|inicia|rellen*|complet*|envi*|escrib*|llam*|contact*|pida|pide|solicit*|us*|utilic*|utiliz*|descarg*|instal*|introduz*|introduc*|siga|sigue|cree|anada|comprueb*|reserv*|registr*|inform*|avis*|consult*|lea|puede|debe",
  ita: "clicca*|fare clic|selezion*|scegli*|apri*|vai|vada|accedi|acceda|compil*|complet*|invi*|scriv*|chiam*|contatt*|chied*|richied*|us*|utilizz*|scaric*|install*|inseri*|segui|segua|crea|aggiung*|verific*|prenot*|registr*|inform*|avvis*|consult*|legg*|puoi|puo|deve|devi",
  por: "cliqu*|selecion*|escolh*|abra|abre|va|aceda|acesse|entre|preench*|complet*|envi*|escrev*|ligue|liga|contact*|contat*|peca|solicit*|us*|utiliz*|descarreg*|baix*|instal*|introduz*|insira|siga|segue|crie|adicion*|verifi*|reserv*|regist*|inform*|avis*|consult*|leia|pode|deve",
  nld: "klik*|selecteer*|kies*|open*|ga|log|vul*|dien|stuur*|mail*|bel*|neem contact|contacteer|vraag*|gebruik*|bezoek*|download*|installeer*|voer|druk*|volg*|meld*|maak*|voeg*|controleer*|boek*|reserveer*|registreer*|informeer*|lees*|kunt u|moet u|je kunt|je moet|u kunt|u dient",
  rus: "нажмите|выберите|откройте|перейдите|войдите|заполните|отправьте|напишите|позвоните|свяжитесь|обратитесь|попросите|запросите|используйте|скачайте|установите|введите|следуйте|сообщите|создайте|добавьте|проверьте|забронируйте|зарегистрируйтесь|подайте|прочитайте|необходимо|нужно|следует",
  arb: "انقر|اختر|افتح|انتقل|سجل|املا|ارسل|اكتب|اتصل|تواصل|اطلب|استخدم|حمل|ثبت|ادخل|اتبع|ابلغ|انشئ|اضف|تحقق|احجز|قدم|راجع|يرجى|يجب|عليك",
  cmn: "点击|选择|打开|进入|登录|填写|提交|发送|联系|拨打|申请|使用|下载|安装|输入|按照|报告|创建|添加|检查|预订|登记|通知|阅读|请",
  jpn: "クリック|選択|開|移動|ログイン|記入|入力|提出|送|連絡|電話|申請|使用|使って|ダウンロード|インストール|従|報告|作成|追加|確認|予約|登録|通知|ください",
};

export const DEFINES: PhraseTable = {
  eng: "is|are|means|refers to|stands for|describes|consists of|is called|are called|is defined|known as|represents|provides|allows",
  deu: "ist|sind|bedeutet|bezeichnet|steht fur|besteht aus|heisst|heissen|genannt|versteht|umfasst|beschreibt|gilt als",
  fra: "est|sont|signifie|designe|veut dire|consiste|regroupe|correspond|appele*|permet|represente|definit",
  spa: "es|son|significa|se refiere|designa|consiste|se llama|llamad*|comprende|representa|define|permite",
  ita: "e|sono|significa|si riferisce|indica|consiste|si chiama|chiamat*|comprende|rappresenta|definisce|permette",
  por: "e|sao|significa|refere|designa|consiste|chama se|chamad*|compreende|representa|define|permite",
  nld: "is|zijn|betekent|verwijst|staat voor|bestaat uit|heet|genoemd|omvat|beschrijft",
  rus: "это|является|являются|означает|обозначает|называется|называют|представляет|состоит|включает",
  arb: "هو|هي|هم|يعني|تعني|يشير|تشير|عبارة|يتكون|تتكون|يسمى|تسمى|يقصد",
  cmn: "是|指|即|意思|表示|称为|包括|属于",
  jpn: "とは|です|である|意味|指し|指す|呼ば|表す",
};
