import type { Vocabulary } from "./vocabulary.ts";

export const PORTUGUESE: Vocabulary = {
  light: `acaso acima agora ai ainda alem algo alguem algum alguma algumas alguns ali alias amanha ano anos antes apenas
    apos aqui aquela aquele aqueles aquilo assim ate atras atraves bastante bem boa bom cada casa caso casos certo
    cima coisa coisas com comecar conseguir consigo contra cujo dar debaixo demais dentro depois desde dessa desse
    desta deste deve devem deveria dia dias dificil disso dito diz dizer dois durante ela elas ele eles embora encontrar
    enquanto entao entre era essa essas esses esta estao estar estas estava este estes estou etc existe exemplo explicar
    facil faz fazem fazer faco feito ficar fica fim foi fora forma foram geral gente grande grandes haver hoje hora
    horas igual importante ir isso ja junto lado la levar leva lhe logo longo lugar maior maioria mais mal maneira mas
    meia meio melhor menos mes meses mesma mesmo meus minha minhas minuto minutos momento muita muitas muito muitos
    nada necessario nem nenhum nenhuma nessa nesse nesta neste ninguem nome normal normalmente nossa nosso nova novas
    novo novos numero nunca obter obrigado ola onde ontem outra outras outro outros parte partir passar pedir pequeno
    pela pelo pequena pessoa pessoas pode podem poder poderia porem porque possivel pouco poucos precisa precisar
    preciso primeira primeiro propria proprio pois qualquer quase quer querem quero quem rapido realmente receber
    recebo regra regras saber sabe sair sao segundo seguinte seja sem semana semanas sempre sendo ser sera serve seu
    seus si sim sobre sou sua suas tal talvez tambem tampouco tao tanto tem temos tempo tenho ter teu tipo tipos toda
    todas todo todos tomar trabalhar tres tudo ultima ultimo usar uso usa vai vamos vao varias varios ver vez vezes
    vindo voce voces vou acontece demora dura`,
  forms: `abrir abro abre aberto aberta abertura
    aprovar aprova aprovado aprovação
    cair caio cai queda
    crer creio
    dar dou da dao deu dado
    descobrir descoberto
    despedir despeco despede
    dizer digo diz dizem disse dito
    doente doenca
    dormir durmo
    eleger eleito eleição
    entregar entrego entregue entrega
    escrever escrito escrita
    estar estou esta estao esteve
    fazer faco faz fazem fez feito
    ganhar ganho
    gastar gasto gastos gasta
    haver ha houve
    imprimir impresso impressão impressora
    ir vou vai vao foi ido ida
    ler leio le leitura
    manter mantem mantido manutenção
    medir meco mede medida
    morrer morre morreu morto morte falecimento falecido obito
    nascer nasce nascido nascimento
    obter obtem obtido obtenção
    ouvir ouco
    pagar pago paga pagam pagamento pagamentos
    pedir peco pede pedem pediu pedido pedidos
    perder perco perde perdi perdido perdida perda
    poder posso pode podem pude
    por ponho poe pos posto
    preferir prefiro
    proteger proteção protegido
    querer quero quer querem quis
    receber recebo recebe recibo
    reembolsar reembolso reembolsos
    renovar renova renovação
    requerer requeiro requer requerimento
    resolver resolvido resolução
    roubar roubo roubado roubada furto
    saber sei sabe sabem soube
    sair saio sai saem saída
    seguir sigo segue
    ser sou e são foi sido
    servir sirvo serve servico
    solicitar solicita solicitação
    ter tenho tem teve tido
    trazer trago traz trouxe
    vencer vence vencido vencimento
    ver vejo ve veem viu visto
    vestir visto vestuario
    viajar viajo viagem viagens
    vir venho vem veio vindo
    voar voo voos
    casar casado casamento
    comprar compra compras
    autorizar autoriza autorização
    ausente ausência
    longo comprimento
    alto altura`,
  synonyms: `férias, dias de férias, descanso, dias livres, dias de folga, folga
    licença, dispensa, afastamento, ausência
    baixa, baixa médica, atestado, atestado médico, licença médica, doente, doenca, auxilio-doenca
    maternidade, licença maternidade, licença de maternidade, gravidez, gravida
    paternidade, licença paternidade, pai, licença parental, parentalidade
    luto, falecimento, obito, morte, funeral, nojo
    casamento, gala, nupcias
    filho, filha, filhos, criança, crianças, bebé
    creche, infantario, jardim de infância
    teletrabalho, home office, trabalho remoto, trabalhar de casa, trabalho a distância, remoto, a partir de casa
    horário, jornada, horário de trabalho, turno, expediente
    horário flexivel, flexibilidade
    horas extras, horas extraordinarias, trabalho suplementar, banco de horas
    salário, ordenado, vencimento, remuneração, pagamento
    recibo de vencimento, contracheque, holerite, recibo de salário
    subsidio de natal, decimo terceiro, 13
    prêmio, bonus, gratificação, incentivo
    chefe, chefia, gestor, gerente, superior, supervisor, responsavel, lider
    funcionário, funcionários, colaborador, colaboradores, trabalhador, trabalhadores, empregado, empregados
    colega, colegas
    novo colaborador, novos colaboradores, admissão, integração, primeiro dia, onboarding
    demissão, rescisão, saída, ultimo dia, desligamento
    despedimento, despedido, demitido
    rh, recursos humanos
    ti, informatica, suporte tecnico, suporte informatico, helpdesk, service desk
    emprego, cargo, posto, vaga, função
    recrutamento, contratação, seleção
    contrato, acordo
    periodo experimental, periodo de experiência, experiência
    aviso previo, pre-aviso, antecedência
    reforma, aposentadoria, pensão, aposentação
    seguro de saude, plano de saude
    médico, consulta, consulta médica
    acidente, lesão, acidente de trabalho
    deficiência, incapacidade
    reclamação, queixa, denuncia
    assedio, discriminação
    formação, curso, cursos, treinamento, capacitação
    avaliação, avaliação de desempenho
    senha, palavra-passe, palavra passe, password, pin, codigo de acesso
    utilizador, usuário, nome de utilizador, nome de usuário, login
    conta, perfil
    entrar, aceder, acessar, iniciar sessão, login, acesso
    sair, terminar sessão, logout
    2fa, mfa, dois fatores, autenticação de dois fatores, verificação em duas etapas
    bloqueado, bloquear, desbloquear
    portátil, computador, notebook, laptop, pc, equipamento
    telemóvel, celular, telefone, smartphone
    ecrã, tela, monitor
    pen, pen drive, pendrive, usb, dispositivo amovivel
    impressora, imprimir, impressão
    programa, software, aplicação, aplicativo, app
    instalar, instalação
    atualizar, atualização
    virus, malware
    phishing, fraude, burla, golpe
    email, e-mail, mail, correio eletronico
    caixa de correio, caixa de entrada
    fora do escritório, resposta automatica
    wifi, wi-fi, internet, rede sem fios, rede sem fio
    vpn, acesso remoto
    backup, cópia de segurança
    ficheiro, ficheiros, arquivo, arquivos, documento, documentos
    apagar, eliminar, excluir, destruir
    guardar, salvar, armazenar
    byod, dispositivo pessoal, dispositivos pessoais
    confidencial, sigiloso, secreto
    rgpd, lgpd, proteção de dados, dados pessoais
    cartao, crachá, cartao de acesso
    visitante, visitantes, visita, convidado
    escritório, edifício, prédio, sede, instalações
    sala de reunioes, sala de reuniao, sala
    reuniao, reunioes
    videoconferência, videochamada
    estacionamento, estacionar, parque, garagem
    refeitorio, cantina, almoço, refeição, restaurante
    subsidio de refeição, vale-refeição, vale refeição, vale alimentação
    bicicleta, bike
    carro, viatura, veículo, automóvel
    autocarro, ônibus, transporte publico, comboio, trem, metro
    viagem, viagens, deslocação, deslocamento
    estrangeiro, exterior, outro pais
    hotel, alojamento, hospedagem
    voo, aviao, passagem aerea
    ajudas de custo, diária, diárias
    despesa, despesas, reembolso, reembolsar
    fatura, recibo, nota fiscal, comprovativo, comprovante
    cartao de crédito, cartao corporativo
    comprar, compra, encomendar, encomenda, adquirir
    preço, custo, tarifa, custa
    apoio, subsidio, beneficio, auxilio
    desconto, redução
    imposto, impostos
    aprovar, aprovação, autorizar, autorização, permissão
    permitido, autorizado
    proibido, vedado, nao permitido
    obrigatorio, obrigação, exigido
    responsavel, encarregado
    avisar, comunicar, informar, notificar
    contactar, contatar, contacto, contato
    ligar, telefonar, numero de telefone
    formulário, impresso, modelo
    pedido, pedir, solicitar, solicitação, requerimento
    prazo, data limite
    cancelar, anular
    mudar, alterar, modificar, alteração
    prorrogar, prorrogação, renovar, renovação
    expirado, caducado, expira, vencido
    perdido, perda, extraviado, roubado, roubo, furto
    avariado, avaria, quebrado, partido, estragado, danificado
    emergência, urgente, urgência
    incendio, fogo, evacuação
    primeiros socorros
    fumar, cigarro, tabaco
    vestuario, roupa, codigo de vestuario
    presente, presentes, oferta, brinde, brindes
    horário de funcionamento, horário de abertura, aberto
    morada, endereco, localização
    mensal, por mês, todos os meses
    semanal, por semana, todas as semanas
    diário, por dia, todos os dias
    anual, por ano, todos os anos
    máximo, no máximo, ate, limite
    mínimo, no mínimo, pelo menos
    garantia
    entrega, envio
    cliente, clientes`,
};
