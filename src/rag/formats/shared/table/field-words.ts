/** Words that call a thing rather than being it: they head columns and begin the lines of a form. */

const WORDS = `
name first last full surname title phone telephone tel mobile fax extension ext email e-mail mail address street city
town country region state site location place room building floor office department dept team unit group division
role position job function manager deputy owner contact responsible supervisor officer person employee staff member
sponsor lead head author approver customer client supplier vendor company organisation organization project product
item article description desc note notes comment comments remark remarks details reason purpose subject topic task
action activity step status state priority type kind category class code id number no nr ref reference key value
date day week month year time start end from to until since due deadline begin begins duration period hours open opens
closes opening price cost costs amount total sum fee rate budget currency quantity qty count size weight length width
height limit limits minimum maximum min max average language version revision serial model brand equipment tool device
machine vehicle rack shelf seat seats capacity gate depot plant station line shift question answer meaning term
definition source link url website username user password account file format

name vorname nachname titel telefon durchwahl mobil handy adresse anschrift straße strasse ort stadt land standort raum
zimmer gebäude etage stockwerk büro abteilung bereich team gruppe rolle funktion stelle leiter leitung leiterin
vertretung stellvertreter stellvertreterin stellvertretung ansprechpartner kontakt zuständig verantwortlich person
mitarbeiter mitarbeiterin kunde lieferant firma projekt produkt artikel bezeichnung beschreibung bemerkung bemerkungen
hinweis anmerkung grund zweck betreff thema aufgabe schritt status stand art typ kategorie klasse code nummer
kennung wert datum tag woche monat jahr uhrzeit zeit beginn ende von bis frist dauer zeitraum öffnungszeiten preis
kosten betrag summe gesamt gebühr satz budget währung menge anzahl größe gewicht länge breite höhe grenze minimum
maximum sprache fassung gerät werkzeug maschine fahrzeug regal plätze kapazität werk schicht frage antwort bedeutung
begriff kürzel benutzer passwort konto datei

nom prénom titre téléphone portable courriel adresse rue ville pays site lieu salle bureau bâtiment étage service
département équipe rôle fonction poste responsable adjoint suppléant contact personne client fournisseur société projet
produit article description remarque commentaire motif objet sujet tâche étape statut état type catégorie code numéro
valeur date jour semaine mois année heure début fin délai durée période horaires prix coût montant total tarif budget
devise quantité taille poids longueur largeur hauteur limite langue version question réponse signification terme

nombre apellido apellidos título teléfono móvil correo dirección calle ciudad país sede lugar sala oficina edificio
planta piso departamento equipo puesto cargo función responsable suplente contacto persona cliente proveedor empresa
proyecto producto artículo descripción nota notas observaciones motivo asunto tema tarea paso estado tipo categoría
código número valor fecha día semana mes año hora inicio fin plazo duración periodo horario precio coste importe total
tarifa presupuesto moneda cantidad tamaño peso límite idioma versión pregunta respuesta significado término

nome cognome titolo telefono cellulare indirizzo via città paese sede luogo stanza ufficio edificio piano reparto
squadra ruolo funzione responsabile sostituto contatto persona cliente fornitore azienda progetto prodotto articolo
descrizione nota note motivo oggetto argomento compito passo stato tipo categoria codice numero valore data giorno
settimana mese anno ora inizio fine scadenza durata periodo orario prezzo costo importo totale tariffa valuta quantità
dimensione peso limite lingua versione domanda risposta significato termine

apelido sobrenome telefone telemóvel endereço morada rua cidade país local sala escritório edifício andar equipa equipe
cargo função responsável substituto contato contacto pessoa fornecedor empresa projeto produto artigo descrição
observações assunto tarefa passo estado categoria código número valor dia semana mês ano hora início fim prazo duração
período horário preço custo montante tarifa orçamento moeda quantidade tamanho idioma versão pergunta resposta

naam voornaam achternaam titel telefoon mobiel adres straat plaats stad land locatie kamer gebouw verdieping kantoor
afdeling functie rol leidinggevende vervanger contactpersoon persoon klant leverancier bedrijf project product artikel
omschrijving opmerking opmerkingen reden onderwerp taak stap soort categorie nummer waarde datum dag week maand jaar
tijd begin einde termijn duur periode prijs kosten bedrag totaal tarief aantal grootte gewicht grens taal versie vraag
antwoord betekenis

имя фамилия отчество название телефон адрес улица город страна место кабинет комната здание этаж отдел должность роль
руководитель заместитель ответственный контакт клиент поставщик компания проект продукт описание примечание причина тема
задача шаг статус тип категория код номер значение дата день неделя месяц год время начало конец срок цена стоимость
сумма итого количество размер вес язык версия вопрос ответ
姓名 名称 电话 邮箱 地址 城市 部门 职位 日期 时间 价格 金额 数量 状态 类型 备注 说明 编号 氏名 名前 電話 住所 部署 役職 日付 時間 金額 備考 種類 番号
الاسم الهاتف العنوان المدينة القسم التاريخ الوقت السعر المبلغ الكمية الحالة النوع ملاحظات الرقم
`;

const FIELD_WORDS = new Set(WORDS.split(/\s+/).filter((word) => word !== ""));
/** "Annual hotel limit (euros)" still calls something; a longer text says something. */
const MOST_WORDS = 4;

/** Whether the text is called by such a word: it is the first or the last of few. */
export function callsAField(text: string): boolean {
  const words = text
    .toLowerCase()
    .replace(/\([^)]*\)|[:.*#?/]+$/g, "")
    .split(/[\s/&-]+/)
    .filter((word) => word !== "");
  if (words.length === 0 || words.length > MOST_WORDS || /\p{N}/u.test(text)) return false;
  return isFieldWord(words.at(-1) ?? "") || isFieldWord(words[0] ?? "") || isFieldWord(words.join("-"));
}

function isFieldWord(word: string): boolean {
  return (
    FIELD_WORDS.has(word.replace(/\.$/, "")) || (word.length > 4 && FIELD_WORDS.has(word.replace(/s$/, "")))
  );
}
