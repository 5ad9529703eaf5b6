/**
 * What words near a number say that it is. Lower case; two words are a phrase. Compounds with "number" (telefonnummer)
 * need no entry of their own. English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, the Scandinavian
 * languages, Finnish, Russian, Chinese, Japanese, Korean, Arabic and Hindi, where a word is known.
 */
export const topicWords = {
  phone: `phone|phones|telephone|tel|telephon|ph|mobile|mob|cell|cellphone|cellular|fax|facsimile|telefax|call|called|
    calls|caller|callback|calling|dial|dialed|dialled|dialing|ring|ringing|rang|sms|whatsapp|whats app|otp|a line|telegram|
    signal|viber|wechat|imessage|contact|contacted|contactable|reach|reached|reachable|answering|hotline|
    helpline|voicemail|texted|texting|text me|text him|text her|text them|text us|a text|text message|
    messages to|messages at|message me|message at|messages from|my number|her number|his number|
    their number|our number|your number|landline|pager|handset|sim|msisdn|direct line|office line|home line|
    emergency|registered mobile|my registered|your registered|her registered|his registered|handy|telefon|
    mobil|mobiltelefon|rufnummer|durchwahl|festnetz|anrufen|anruf|rückruf|zurückrufen|erreichbar|erreichen|
    erreichst|ruf|rufen|rufe|téléphone|telephoner|téléphoner|téléphonez|tél|portable|gsm|appeler|appelez|
    appelle|appelle-moi|rappeler|rappelez|joindre|joignable|contacter|teléfono|telefono|teléfonos|móvil|
    movil|celular|llamar|llame|llámame|llámeme|llamadme|llama|contactar|contacto|tlf|tfno|cellulare|cell|
    chiamare|chiamami|chiami|chiamatemi|recapito|contattare|telefone|telemóvel|telemovel|ligar|ligue|liga|
    contato|telefoon|mobiel|bellen|bel|bereikbaar|bereiken|tlfn|mobilnr|ringa|ringe|nå|kontakt|kontaktiere|
    puhelin|puh|soita|soittaa|matkapuhelin|gsm|komórka|komórkowy|kom|zadzwoń|zadzwonić|dzwonić|dzwoń|
    telefonu|telefonicznie|mobilní|zavolejte|volejte|telefonszám|mobilszám|hívjon|тел|телефон|телефона|
    телефону|моб|мобильный|позвони|позвоните|звоните|звонить|τηλ|τηλέφωνο|κινητό|telefonu|cep|ara|arayın|電話|
    电话|電話番号|手机|手機|携帯|联系|连絡|致电|전화|전화번호|연락처|휴대폰|هاتف|جوال|اتصل|फोन|मोबाइल|फ़ोन|โทร|điện thoại|telepon|hp|
    unsubscribe|desk|text`,
  card: `card|cards|credit|debit|visa|mastercard|master|maestro|amex|american express|discover|diners|jcb|unionpay|
    cc|ccn|ccnum|pan|cvv|cvc|cvv2|charge|exp|expiry|expiring|expires|karte|karten|kreditkarte|bankkarte|girokarte|kartennummer|
    kreditkartennummer|carte|carte bancaire|carte bleue|tarjeta|carta|cartão|cartao|creditcard|betaalpas|
    pas|kort|kortet|kredittkort|betalkort|bankkort|kortti|luottokortti|karta|karty|kartą|kartę|
    karta płatnicza|kreditní|карта|карты|карту|картой|kart|kredi|カード|クレジット|卡|信用卡|银行卡|카드|بطاقة|कार्ड|kártya|
    κάρτα`,
  birth: `birth|born|dob|birthday|birthdate|birthdays|bday|b-day|d.o.b|date_of_birth|geboren|geb|geburtsdatum|
    geburtstag|geburt|né|née|nee|naissance|naissances|anniversaire|nacimiento|nacido|nacida|nací|nacio|
    nació|cumpleaños|fecnac|nato|nata|nascita|nascimento|nascido|nascida|nasci|nasceu|aniversário|
    geboortedatum|geboorte|verjaardag|gebdat|urodzenia|urodzony|urodzona|urodzin|urodziny|urodził|urodziła|
    ur|född|født|fødselsdato|födelsedatum|fødselsdag|födelsedag|fødselsdatum|syntynyt|syntymäaika|
    syntymäpäivä|narození|narozen|narozena|született|születési|рождения|родился|родилась|рожд|γέννησης|
    γεννήθηκε|doğum|doğdu|生日|出生|出生日期|誕生日|生年月日|생년월일|생일|ميلاد|जन्म|जन्मतिथि|sinh|lahir|born on`,
  medical: `mrn|mrno|medical record|medical records|medical number|medical id|patient id|patient number|patient no|
    patient file|patient record|patient identifier|chart|chart number|health record|hospital number|
    hospital id|hospital no|clinic number|medical file|medrec|encounter|admission number|patient|patients|
    patientennummer|patienten|patientenakte|patientenid|fallnummer|fall nr|fall nummer|krankenakte|dossier médical|
    dossier patient|ipp|nip patient|historia clínica|historia clinica|nhc|número historia|expediente médico|
    cartella clinica|cartella|prontuário|prontuario|processo clínico|dossiernummer|patiëntnummer|
    patientnummer|journalnummer|karta pacjenta|numer pacjenta|病历号|病歴|カルテ|患者|환자번호|рецепт|медкарта`,
  account: `account|accounts|acct|acc|a c|ac no|konto|kontonr|kontonummer|compte|cuenta|conto|conta|rekening|
    rekeningnummer|rachunek|rachunku|konta|kontonr|tilinumero|tili|účet|účtu|számlaszám|счет|счёт|счета|
    sort code|sortcode|sort|routing|aba|rtn|bsb|ifsc|clabe|cbu|transit|bankleitzahl|blz|policy|police|
    policyholder|póliza|poliza|apólice|polizza|polis|polisnummer|polisy|versicherungsnummer|
    versichertennummer|versicherten|krankenversicherten|krankenversicherung|kvnr|health insurance|mbi|
    medicare beneficiary|medicaid|policennummer|policen|versicherungsschein|vertragsnummer|insurance id|insurance policy|member id|member number|member no|
    membership number|membership no|membership id|membership|mitgliedsnummer|subscriber id|
    subscriber number|group number|customer id|customer number|customer no|client number|client id|
    client no|kundennummer|kundennr|numéro client|número cliente|codice cliente|klantnummer|kundenummer|
    kundnummer|beneficiary number|beneficiary id|loan number|loan no|loan|mortgage number|claim number|
    claim no|口座番号|口座|账号|账户|賬號|계좌번호|계좌|खाता|حساب`,
  identity: `national id|national identification|national identity|identity number|identity card|identity document|
    identity no|id number|id card|id no|id nr|identification number|identification no|identification card|
    personal number|personal id|personal identification|personal code|citizen id|citizen number|
    citizenship number|passport|passports|reisepass|reisepassnummer|passnummer|personalausweis|ausweis|
    ausweisnummer|ausweisnr|passeport|carte d'identité|d identité|identité|pasaporte|documento|documento de|
    cédula|cedula|passaporto|identità|identidade|bilhete|paspoort|paspoortnummer|identiteitskaart|rijbewijs|
    paszport|paszportu|dowód|dowodu|pass|pasnummer|passi|паспорт|паспорта|driver license|s license|s licence|
    driver's license|driver licence|driver's|drivers license|driving license|driving licence|license number|
    licence number|licence no|license no|dl|dln|führerschein|führerscheinnummer|permis|permis de|carnet de|
    patente|patente di|carteira|护照|護照|パスポート|여권|여권번호|هوية|جواز|tax id|tax number|steuernummer|
    tax identification|taxpayer`,
  ip: `ip|ips|ipv4|ipv6|ipaddr|ipaddress|address|addr|host|hosts|hostname|server|servers|client|dns|nameserver|
    gateway|subnet|ping|traceroute|ssh|router|proxy|vpn|firewall|lan|wan|remote|source|src|dst|destination|
    peer|network|listen|listening|bind|adresse|ip-adresse|dirección|indirizzo|endereço|adres|adress|login|
    logged|blocked|connect|connected|connection|connecting|request|requests|from|endpoint|node|adresi|адрес|
    地址|アドレス`,
  version: `version|versions|ver|v|release|released|releases|build|rev|revision|upgrade|upgraded|upgrading|update|
    updated|section|sections|chapter|paragraph|clause|article|figure|fig|table|firmware|driver|sdk|package|
    install|installed|installing|dependency|patch|abschnitt|kapitel|versión|versione|versão|versie|wersja|
    версия|版本|バージョン|oid|level|step|exercise|theorem|lemma|python|java|node|npm|pip|linux|kernel|ubuntu|
    android|ios|windows|chrome|firefox|openssl`,
  other: `order|orders|ordernumber|bestellung|bestellnummer|bestell|auftrag|auftragsnummer|commande|pedido|ordine|
    encomenda|zamówienie|zamówienia|bestelling|bestilling|beställning|tilaus|invoice|invoices|rechnung|
    rechnungsnummer|facture|factura|fattura|fatura|faktura|faktury|factuur|tracking|track|shipment|sendung|
    sendungsnummer|parcel|package|paket|colis|paquete|pacco|envío|suivi|isbn|issn|isbn-13|isbn-10|ean|upc|
    gtin|asin|barcode|sku|serial|model|part|product|products|article|artikel|artikelnummer|item|items|
    ticket|tickets|case|incident|reference|ref|referenz|référence|referencia|transaction|transactions|txn|
    trx|booking|reservation|confirmation|flight|batch|lot|job|build|commit|revision|hash|checksum|uuid|guid|
    timestamp|epoch|unix|port|pid|error|errno|line|lines|page|pages|chapter|verse|doi|pmid|arxiv|patent|
    population|inhabitants|people|users|dollars|euros|pounds|yen|usd|eur|gbp|inr|price|prices|cost|costs|
    amount|total|sum|revenue|profit|budget|salary|income|worth|value|sold|units|bytes|kb|mb|gb|km|miles|
    meters|metres|kg|id|version|coordinates|latitude|longitude|lat|lon|lng|zip|zipcode|postcode|postal|plz|
    code|coupon|voucher|gift|registration|vin|imei|imsi|mac|serialnumber|rows|records|divided|multiply|
    multiplied|plus|minus|equals|times|calculate|compute|integer|integers|digits|digit|prime|factorial|
    sequence|array|index|seed|заказ|заказа|订单|注文|주문`,
  otherDate: `died|death|dead|deceased|married|wedding|divorced|appointment|meeting|expires|expiry|expiration|exp|issued|
    issue|valid|until|since|joined|hired|started|start|ended|end|admitted|admission|discharged|discharge|
    invoice|order|ordered|due|deadline|delivered|delivery|shipped|created|updated|modified|released|release|
    published|founded|signed|effective|scheduled|arrival|departure|booked|paid|payment|visit|visited|
    gestorben|verstorben|heirat|termin|gültig|ausgestellt|seit|fällig|lieferung|décédé|décédée|mariage|
    rendez-vous|expire|valable|émis|émission|fallecido|murió|falleció|boda|cita|caduca|válido|emisión|morto|
    morta|morì|matrimonio|scadenza|appuntamento|morreu|casamento|consulta|validade|overleden|getrouwd|
    afspraak|vervalt|geldig|zmarł|zmarła|ślub|ważny|ważne|wizyta|död|dog|gift|død|utgår|умер|умерла|свадьба`,
} as const satisfies Record<string, string>;
