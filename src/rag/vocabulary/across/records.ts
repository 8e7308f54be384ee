/** What a company keeps count of. One thing a line, in the languages of `ACROSS_LANGUAGES`. */
export const RECORDS = `
stock, in stock, inventory | Lager, auf Lager, Bestand, Lagerbestand, vorrätig | stock, en stock | existencias, inventario, stock, almacén | magazzino, scorte, giacenza | estoque, stock, inventário | voorraad, op voorraad | склад, на складе, запас, остаток | مخزون, المخزون | 库存, 存货
warehouse, depot | Lager, Lagerhaus, Depot | entrepôt, dépôt | almacén, depósito | magazzino, deposito | armazém, depósito | magazijn | склад | مستودع, مخزن | 仓库
available, availability | verfügbar, Verfügbarkeit, vorhanden | disponible, disponibilité | disponible, disponibilidad | disponibile, disponibilità | disponível, disponibilidade | beschikbaar, beschikbaarheid | доступно, доступен, наличие | متوفر, متاح | 可用, 有货, 现货
order, purchase order | Bestellung, Auftrag, Bestellungen, Aufträge | commande, commandes | pedido, pedidos, orden | ordine, ordini | pedido, encomenda | bestelling, order | заказ, заказы | طلب, طلبية | 订单
order number | Bestellnummer, Auftragsnummer | numéro de commande | número de pedido | numero d'ordine | número do pedido | bestelnummer, ordernummer | номер заказа | رقم الطلب | 订单号
delivery, shipment, shipping | Lieferung, Versand, Sendung | livraison, expédition, envoi | entrega, envío | consegna, spedizione | entrega, envio, remessa | levering, bezorging, verzending | доставка, отправка | توصيل, شحن, تسليم | 发货, 配送, 交货
arrive, arrival, delivered | ankommen, ankommt, geliefert, eintreffen | arriver, arrive, livré | llegar, llega, entregado | arrivare, arriva, consegnato | chegar, chega, entregue | aankomen, aankomt, geleverd, bezorgd | прибыть, придет, доставлен | يصل, وصول | 到货, 到达, 送达
status, state | Status, Stand, Zustand | statut, état | estado, situación | stato, situazione | estado, status, situação | status, stand | статус, состояние | حالة, وضع | 状态, 进度
ticket, case, incident | Ticket, Vorgang, Störung | ticket, dossier, incident | ticket, caso, incidencia | ticket, segnalazione | chamado, ticket, ocorrência | ticket, melding | тикет, заявка, обращение | تذكرة, بلاغ | 工单
open | offen, offene | ouvert, ouverts, ouvertes | abierto, abiertos, abiertas | aperto, aperti, aperte | aberto, abertos, abertas | open, openstaande | открытый, открытые, открытых | مفتوح, مفتوحة | 未结, 打开
closed | geschlossen, erledigt | fermé, fermés, clos | cerrado, cerrados, cerradas | chiuso, chiusi | fechado, fechados | gesloten, afgehandeld | закрытый, закрытые, закрытых | مغلق, مغلقة | 已关闭, 关闭
priority | Priorität | priorité | prioridad | priorità | prioridade | prioriteit | приоритет | اولوية | 优先级
urgent | dringend | urgent, urgents | urgente, urgentes | urgente, urgenti | urgente, urgentes | dringend, spoed | срочный, срочные, срочных | عاجل | 紧急
assigned, assignee | zugewiesen, zuständig, Bearbeiter | assigné, responsable | asignado, responsable | assegnato, assegnatario | atribuído, responsável | toegewezen, behandelaar | назначен, исполнитель | مكلف, مسؤول | 负责人, 处理人
remaining, left | übrig, verbleibend, restlich, Rest | restant, restants, reste | restante, restantes, quedan | rimanente, rimanenti, rimasti | restante, restantes | resterend, over | остаток, осталось, оставшиеся | متبقي, المتبقية | 剩余, 剩下
number, count, how many, amount | Anzahl, Zahl, Menge | nombre, quantité | número, cantidad | numero, quantità | número, quantidade | aantal, hoeveelheid | количество, число | عدد, كمية | 数量
value, worth | Wert | valeur | valor | valore | valor | waarde | стоимость | قيمة | 金额, 价值
phone, phone number, telephone | Telefon, Telefonnummer, Durchwahl | téléphone, numéro de téléphone | teléfono, número de teléfono | telefono, numero di telefono | telefone, número de telefone | telefoon, telefoonnummer | телефон, номер телефона | هاتف, رقم الهاتف | 电话, 电话号码
department | Abteilung | service, département | departamento, sección | reparto, dipartimento | departamento, setor | afdeling | отдел | قسم, ادارة | 部门
manager, boss, supervisor | Vorgesetzter, Vorgesetzte, Chef, Chefin | responsable, supérieur, chef | jefe, superior, responsable | responsabile, capo | gerente, chefe, gestor | manager, leidinggevende | руководитель, начальник | مدير | 经理, 主管, 上级
city, location, site | Stadt, Ort, Standort | ville, lieu, site | ciudad, sede, lugar | città, sede, luogo | cidade, local, sede | stad, plaats, locatie | город, место | مدينة, موقع | 城市, 地点
product, item, article | Produkt, Artikel, Ware | produit, article | producto, artículo | prodotto, articolo | produto, artigo | product, artikel | товар, продукт | منتج, سلعة | 产品, 商品
project | Projekt | projet | proyecto | progetto | projeto | project | проект | مشروع | 项目
revenue, sales, turnover | Umsatz, Erlös | chiffre d'affaires, ventes | ingresos, ventas | fatturato, vendite | receita, vendas, faturamento | omzet, verkoop | выручка, продажи | ايرادات, مبيعات | 营收, 销售额
balance | Saldo, Guthaben, Kontostand | solde | saldo | saldo | saldo | saldo | остаток, баланс | رصيد | 余额
chair, office chair | Stuhl, Bürostuhl | chaise, fauteuil | silla | sedia | cadeira | stoel | стул, кресло | كرسي | 椅子
docking station | Dockingstation | station d'accueil | estación de acoplamiento, base | docking station | estação de acoplamento | dockingstation | док-станция | محطة ارساء | 扩展坞
work, works, work on | arbeiten, arbeitet, bearbeiten, bearbeitet | travailler, travaille, s'occupe | trabajar, trabaja | lavorare, lavora | trabalhar, trabalha | werken, werkt | работать, работает, занимается | يعمل, تعمل | 处理
`;
