/** Cities that are called otherwise elsewhere. One a line, in the languages of `ACROSS_LANGUAGES`. */
export const PLACES = `
Vienna | Wien | Vienne | Viena | Vienna | Viena | Wenen | Вена | فيينا | 维也纳
Munich | München, Muenchen | Munich | Múnich | Monaco di Baviera | Munique | München | Мюнхен | ميونخ | 慕尼黑
Cologne | Köln, Koeln | Cologne | Colonia | Colonia | Colônia, Colónia | Keulen | Кёльн | كولونيا | 科隆
Nuremberg | Nürnberg | Nuremberg | Núremberg | Norimberga | Nuremberga | Neurenberg | Нюрнберг | نورمبرغ | 纽伦堡
Hamburg | Hamburg | Hambourg | Hamburgo | Amburgo | Hamburgo | Hamburg | Гамбург | هامبورغ | 汉堡
Berlin | Berlin | Berlin | Berlín | Berlino | Berlim | Berlijn | Берлин | برلين | 柏林
Frankfurt | Frankfurt | Francfort | Fráncfort | Francoforte | Frankfurt | Frankfurt | Франкфурт | فرانكفورت | 法兰克福
Zurich | Zürich | Zurich | Zúrich | Zurigo | Zurique | Zürich | Цюрих | زيورخ | 苏黎世
Geneva | Genf | Genève | Ginebra | Ginevra | Genebra | Genève | Женева | جنيف | 日内瓦
Basel | Basel | Bâle | Basilea | Basilea | Basileia | Bazel | Базель | بازل | 巴塞尔
Paris | Paris | Paris | París | Parigi | Paris | Parijs | Париж | باريس | 巴黎
Lyon | Lyon | Lyon | Lyon | Lione | Lyon | Lyon | Лион | ليون | 里昂
Marseille | Marseille | Marseille | Marsella | Marsiglia | Marselha | Marseille | Марсель | مرسيليا | 马赛
Madrid | Madrid | Madrid | Madrid | Madrid | Madri, Madrid | Madrid | Мадрид | مدريد | 马德里
Barcelona | Barcelona | Barcelone | Barcelona | Barcellona | Barcelona | Barcelona | Барселона | برشلونة | 巴塞罗那
Seville | Sevilla | Séville | Sevilla | Siviglia | Sevilha | Sevilla | Севилья | إشبيلية | 塞维利亚
Lisbon | Lissabon | Lisbonne | Lisboa | Lisbona | Lisboa | Lissabon | Лиссабон | لشبونة | 里斯本
Porto | Porto | Porto | Oporto | Porto | Porto | Porto | Порту | بورتو | 波尔图
Rome | Rom | Rome | Roma | Roma | Roma | Rome | Рим | روما | 罗马
Milan | Mailand | Milan | Milán | Milano | Milão | Milaan | Милан | ميلانو | 米兰
Turin | Turin | Turin | Turín | Torino | Turim | Turijn | Турин | تورينو | 都灵
Venice | Venedig | Venise | Venecia | Venezia | Veneza | Venetië | Венеция | البندقية | 威尼斯
Florence | Florenz | Florence | Florencia | Firenze | Florença | Florence | Флоренция | فلورنسا | 佛罗伦萨
Naples | Neapel | Naples | Nápoles | Napoli | Nápoles | Napels | Неаполь | نابولي | 那不勒斯
London | London | Londres | Londres | Londra | Londres | Londen | Лондон | لندن | 伦敦
Brussels | Brüssel | Bruxelles | Bruselas | Bruxelles | Bruxelas | Brussel | Брюссель | بروكسل | 布鲁塞尔
Antwerp | Antwerpen | Anvers | Amberes | Anversa | Antuérpia | Antwerpen | Антверпен | أنتويرب | 安特卫普
Amsterdam | Amsterdam | Amsterdam | Ámsterdam | Amsterdam | Amsterdã, Amesterdão | Amsterdam | Амстердам | أمستردام | 阿姆斯特丹
The Hague | Den Haag | La Haye | La Haya | L'Aia | Haia | Den Haag | Гаага | لاهاي | 海牙
Copenhagen | Kopenhagen | Copenhague | Copenhague | Copenaghen | Copenhague | Kopenhagen | Копенгаген | كوبنهاغن | 哥本哈根
Stockholm | Stockholm | Stockholm | Estocolmo | Stoccolma | Estocolmo | Stockholm | Стокгольм | ستوكهولم | 斯德哥尔摩
Warsaw | Warschau | Varsovie | Varsovia | Varsavia | Varsóvia | Warschau | Варшава | وارسو | 华沙
Krakow | Krakau | Cracovie | Cracovia | Cracovia | Cracóvia | Krakau | Краков | كراكوف | 克拉科夫
Prague | Prag | Prague | Praga | Praga | Praga | Praag | Прага | براغ | 布拉格
Budapest | Budapest | Budapest | Budapest | Budapest | Budapeste | Boedapest | Будапешт | بودابست | 布达佩斯
Bucharest | Bukarest | Bucarest | Bucarest | Bucarest | Bucareste | Boekarest | Бухарест | بوخارست | 布加勒斯特
Athens | Athen | Athènes | Atenas | Atene | Atenas | Athene | Афины | أثينا | 雅典
Istanbul | Istanbul | Istanbul | Estambul | Istanbul | Istambul | Istanbul | Стамбул | إسطنبول | 伊斯坦布尔
Moscow | Moskau | Moscou | Moscú | Mosca | Moscou, Moscovo | Moskou | Москва | موسكو | 莫斯科
Cairo | Kairo | Le Caire | El Cairo | Il Cairo | Cairo | Caïro | Каир | القاهرة | 开罗
New York | New York | New York | Nueva York | New York | Nova York, Nova Iorque | New York | Нью-Йорк | نيويورك | 纽约
Beijing | Peking | Pékin | Pekín | Pechino | Pequim | Peking | Пекин | بكين | 北京
Shanghai | Schanghai | Shanghai | Shanghái | Shanghai | Xangai | Shanghai | Шанхай | شنغهاي | 上海
Tokyo | Tokio | Tokyo | Tokio | Tokyo | Tóquio | Tokio | Токио | طوكيو | 东京
Singapore | Singapur | Singapour | Singapur | Singapore | Singapura | Singapore | Сингапур | سنغافورة | 新加坡
`;
