import type { Vocabulary } from "./vocabulary.ts";

export const SPANISH: Vocabulary = {
  light: `acerca actualmente adonde ahi ahora algo alguien algun alguna algunas alguno algunos alla alli alrededor ante
    anterior antes ano anos apenas aqui asi atras aun aunque ayer ayuda bajo bastante bien buen buena buenas bueno
    buenos busco buscar cada casa casi caso cerca cierto como conseguir contra cosa cosas cual cualquier cuando cuanto
    da dame dan dar dario deberia deberian debe deben debo decir deja dejar demas demasiado dentro desde despues dia
    dias dice diferente diferentes dime directamente donde dos durante ejemplo ella ellos embargo empezar encima
    encontrar encuentra encuentro entonces entre entrar enviar estaba estado estan estar estas esta estos estoy etc
    exactamente existe explicar favor forma formas fuera general gente gracias gran grande grandes gustaria haber
    habia hace hacen hacer hacia hago hasta hecho hola hora horas hoy igual importante incluso ir juntos lado largo
    llega llegar llevar lleva luego lugar mal manera manana mas mayor mayoria media medio mejor menos mes meses mias
    mientras mio minuto minutos mismo misma mismos momento mucha muchas mucho muchos muy nada nadie necesario
    necesita necesitan necesito ni ningun ninguna ninguno nombre normal normalmente nosotros nuestra nuestro nuestros
    nueva nuevas nuevo nuevos numero nunca obtener ocurre otra otras otro otros para parte pasa pasar pedir pequeno
    pero persona personas poca poco pocos poder podemos podria podrian pone poner por porque posible preguntar
    primer primera primero pronto propio propia pues pueda pueden puesto quedar quiere quieren quiero quisiera
    quiza quizas rapido realmente recibir recibo regla reglas saber sabe sacar saco salir se sea sean seguir segun
    segundo seguro semana semanas ser sera siempre siguiente sino sobre sola solamente solo somos soy suele tal
    tambien tampoco tan tanto tarde tema tengo tenemos tener tiempo tipo tipos toda todas todavia todo todos tomar
    trabajar tras tres tu tus ultima ultimo usar usa uso usted ustedes va vale vamos van varias varios veces ver vez
    vosotros voy ya cuesta dura tarda sirve toca hay`,
  forms: `abrir abro abre abren abierto abierta apertura
    acordar acuerdo
    almorzar almuerzo
    andar anduvo
    aprobar apruebo aprueba aprueban aprobación
    caber quepo cabe cupo
    caer caigo cae caido caida
    cerrar cierro cierra cierran cerrado cierre
    comenzar comienzo comienza comienzan
    conducir conduzco conduce condujo
    conocer conozco conocido conocimiento
    contar cuento cuenta
    costar cuesta cuestan coste costo
    dar doy da dan dio dado
    decir digo dice dicen dijo dicho
    despedir despido despide
    devolver devuelvo devuelve devuelto devolución
    dormir duermo duerme
    elegir elijo elige elección
    empezar empiezo empieza empiezan
    encontrar encuentro encuentra
    enfermo enferma enfermedad
    entender entiendo entiende
    enviar envío envia envian envíos
    escribir escrito escritura
    estar estoy esta estan estuvo
    extender extiendo extiende extensión
    haber he ha han hay hubo
    hacer hago hace hacen hizo hecho
    imprimir impreso impresión impresora
    ir voy va van fue ido
    irse irme salida
    jugar juego juega
    leer leo leyo lectura
    medir mido mide medida
    morir muero muere murio muerto muerte fallecer fallecido fallecimiento
    mover muevo mueve
    nacer nazco nacido nacimiento
    obtener obtengo obtiene obtenido obtención
    ofrecer ofrezco oferta
    oir oigo oye
    olvidar olvido olvidado
    pagar pago paga pagan pagado pagos
    pedir pido pide piden pidio pedido pedidos petición
    pensar pienso piensa
    perder pierdo pierde perdí perdido perdida perdidas
    poder puedo puede pueden pudo
    poner pongo pone pusieron puesto
    preferir prefiero prefiere
    probar pruebo prueba
    proteger protejo protección
    querer quiero quiere quieren
    recibir recibo recepción
    recordar recuerdo recuerda recordatorio
    reducir reduzco reducción
    renovar renuevo renueva renovación
    repetir repito repite
    resolver resuelvo resuelve resuelto resolución
    robar robo robado robada
    romper roto rota rotura
    saber se sabe saben supo sabido
    salir salgo sale salen salida
    seguir sigo sigue siguen
    sentar siento sienta asiento
    ser soy es son fue sido
    servir sirvo sirve servicio
    soler suele suelen
    solicitar solicito solicita solicitud solicitudes
    tener tengo tiene tienen tuvo tenido
    traer traigo trae
    valer valgo vale valor
    vencer vence vencido vencimiento
    venir vengo viene vienen vino
    ver veo ve ven visto vista
    vestir visto viste vestimenta
    viajar viajo viaje viajes
    volar vuelo vuelos
    volver vuelvo vuelve vuelto vuelta
    casar casarse casado boda matrimonio
    largo longitud duración
    alto altura
    ancho anchura`,
  synonyms: `vacaciones, días libres, días de vacaciones, descanso anual, días de descanso
    permiso, permisos, licencia, excedencia, día libre, asuntos propios
    baja, baja médica, baja por enfermedad, incapacidad temporal, enfermo, enfermedad, it
    maternidad, baja por maternidad, permiso de maternidad, embarazo, embarazada
    paternidad, permiso de paternidad, padre
    fallecimiento, muerte, duelo, entierro
    matrimonio, boda, casarse
    hijo, hija, hijos, niño, niños, bebe
    guardería, cuidado de niños
    teletrabajo, trabajo a distancia, trabajo remoto, trabajar desde casa, desde casa, remoto
    horario, jornada, jornada laboral, turno
    horario flexible, flexibilidad horaria
    horas extra, horas extraordinarias, tiempo extra
    sueldo, salario, paga, nómina, remuneración, retribución
    nómina, recibo de salario, recibo de nómina
    paga extra, gratificación, bono, plus, prima, incentivo
    jefe, jefa, responsable, superior, supervisor, gerente, encargado, director
    empleado, empleados, trabajador, trabajadores, personal, plantilla
    compañero, colega, compañeros
    nuevo empleado, nuevas incorporaciones, incorporación, primer día, onboarding
    baja voluntaria, dimisión, renuncia, dejar la empresa, ultimo día, cese
    despido, despedir, despedido
    rrhh, recursos humanos, personal
    informatica, sistemas, it, soporte informatico, soporte tecnico, helpdesk, mesa de ayuda, centro de atención
    puesto, empleo, trabajo, cargo
    contratación, selección, reclutamiento
    contrato, acuerdo, convenio
    periodo de prueba, prueba
    preaviso, aviso previo, antelación
    jubilación, pensión, retiro
    seguro médico, seguro de salud, mutua
    médico, doctor, cita médica, justificante médico, certificado médico
    accidente, lesión, accidente laboral
    discapacidad, minusvalía
    queja, reclamación, denuncia
    acoso, discriminación, mobbing
    formación, curso, cursos, capacitación, taller
    evaluación, evaluación del desempeno
    contraseña, clave, password, pin, código de acceso, contraseñas
    usuario, nombre de usuario, login
    cuenta, perfil
    iniciar sesión, acceder, entrar, login, conectarse, acceso
    cerrar sesión, salir, desconectarse
    2fa, mfa, doble factor, dos factores, autenticación en dos pasos, verificación en dos pasos
    bloqueado, bloquear, desbloquear, bloqueo
    portátil, ordenador, ordenador portátil, pc, computadora, equipo, laptop
    móvil, teléfono, celular, smartphone, teléfono móvil
    pantalla, monitor
    usb, pendrive, memoria usb, dispositivo extraible
    impresora, imprimir, impresión
    programa, software, aplicación, app, herramienta
    instalar, instalación
    actualizar, actualización, parche
    virus, malware, programa malicioso
    phishing, estafa, fraude, correo sospechoso
    correo, correo electrónico, email, e-mail, mail, correos
    buzon, bandeja de entrada
    fuera de la oficina, respuesta automatica
    wifi, wi-fi, internet, red inalambrica
    vpn, acceso remoto
    copia de seguridad, copias de seguridad, backup, respaldo
    archivo, archivos, fichero, ficheros, documento, documentos
    borrar, eliminar, suprimir, destruir, destrucción
    guardar, almacenar, conservar
    byod, dispositivo personal, dispositivos personales, dispositivo propio
    confidencial, secreto, sensible
    rgpd, protección de datos, datos personales
    tarjeta, tarjeta de acceso, acreditación, credencial, identificación
    visita, visitante, visitantes, invitado, invitados
    oficina, oficinas, edificio, sede, centro
    sala de reuniones, sala
    reunion, reuniones, cita
    videoconferencia, videollamada, reunion virtual
    aparcamiento, aparcar, parking, estacionamiento, plaza de garaje
    comedor, cafetería, comida, almuerzo, restaurante
    bici, bicicleta
    coche, vehículo, automóvil, carro
    autobús, bus, transporte publico, tren, metro, transporte
    viaje, viajes, desplazamiento, desplazamientos, viaje de trabajo
    extranjero, fuera del pais, otro pais
    hotel, alojamiento, hospedaje, pernoctación
    vuelo, avión, billete de avión
    dieta, dietas, viáticos, manutención
    gasto, gastos, reembolso, reembolsar, devolución, devolver, reintegro
    factura, recibo, ticket, justificante
    tarjeta de crédito, tarjeta de empresa
    comprar, compra, adquirir, pedido, pedir, adquisición
    precio, coste, costo, tarifa, cuesta, importe
    ayuda, subvención, beneficio, subsidio
    descuento, rebaja
    impuesto, impuestos
    aprobar, aprobación, autorizar, autorización, visto bueno, permiso
    permitido, autorizado, se puede
    prohibido, no permitido, no se puede
    obligatorio, obligación, preceptivo, necesario
    responsable, encargado, a cargo
    avisar, comunicar, notificar, informar, aviso
    contactar, contacto, dirigirse, escribir
    llamar, teléfono, telefonear, número de teléfono
    formulario, impreso, plantilla, modelo
    solicitud, solicitar, pedir, petición
    plazo, fecha limite, vencimiento
    cancelar, anular, cancelación, anulación
    cambiar, modificar, cambio
    prorroga, prorrogar, renovar, renovación, ampliar
    caducado, caducar, vencido, caducidad, vence, expira
    perdido, perdida, extravío, extraviado, robado, robo, hurto
    roto, averiado, avería, estropeado, dañado, reparar
    emergencia, urgencia, urgente
    incendio, fuego, evacuación
    primeros auxilios, botiquin
    fumar, tabaco, cigarrillo
    vestimenta, ropa, código de vestimenta, uniforme
    regalo, regalos, obsequio, obsequios
    horario de apertura, horario, horarios, horas de apertura, abierto
    dirección, domicilio, ubicación
    mensual, al mes, cada mes, por mes
    semanal, a la semana, cada semana, por semana
    diario, al día, cada día, por día
    anual, al año, cada año, por año
    máximo, como máximo, hasta, tope, limite
    mínimo, como mínimo, al menos
    garantía, cobertura
    entrega, envío, reparto
    cliente, clientes, usuario`,
};
