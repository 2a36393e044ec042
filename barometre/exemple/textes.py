"""Ce que disent les personnages de l'exemple: raisons, notes, initiatives, messages. Tout est fictif."""

RAISONS = {
    "sans-papier": (
        "L'inventaire des processus est en révision à la suite d'une réorganisation.",
        "Le système de gestion documentaire est en migration jusqu'au prochain trimestre.",
        "Les comptes d'une direction régionale n'ont pas pu être vérifiés à temps.",
    ),
    "donnees-ouvertes": (
        "Le recensement des jeux de données est en cours.",
        "Le classement selon le potentiel de réutilisation n'est pas terminé.",
    ),
    "formation-academie": (
        "Les inscriptions sont en conciliation avec l'Académie.",
        "Le système des ressources humaines a changé pendant le trimestre.",
    ),
    "formation-enap": (
        "La liste des gestionnaires formés est en conciliation avec l'ENAP.",
        "Le système des ressources humaines a changé pendant le trimestre.",
    ),
}
SANS_OBJET = {
    ("TAT", "donnees-ouvertes"): "Le tribunal ne détient que des dossiers de justice, qui ne se diffusent pas.",
    ("CFP", "donnees-ouvertes"): "Aucun jeu de données n'est recensé à haut potentiel.",
    ("CEST", "formation-enap"): "La commission n'a pas de gestionnaire.",
}
NOTES = {
    "sans-papier": (
        "Comprend les processus des directions régionales.",
        "Le paiement électronique est en service depuis le début du trimestre.",
        "Deux processus fusionnés en un seul ce trimestre.",
    ),
    "donnees-ouvertes": ("De nouveaux jeux ont été diffusés sur Données Québec.",),
    "formation-academie": ("Une cohorte a terminé sa formation à la fin du trimestre.",),
    "formation-enap": ("Comprend les gestionnaires par intérim.",),
}
RENVOIS = (
    "Le nombre de processus diffère de celui de votre rapport annuel. Pouvez-vous le vérifier?",
    "Le nombre de processus comprend-il ceux de vos bureaux régionaux? Précisez-le, s'il vous plaît.",
    "Le compte est-il arrêté au dernier jour du trimestre? Confirmez-le, s'il vous plaît.",
)
JUSTIFICATION = "Nous avons revérifié avec la direction concernée : la réponse est exacte."

INITIATIVES = (
    ("Formulaires en ligne pour toutes les demandes", "Une demande se remplit en une fois, sans impression."),
    ("Signature électronique des décisions", "Une décision signée parvient le jour même."),
    ("Dossier numérique unique", "Les citoyens ne fournissent plus deux fois la même pièce."),
    ("Diffusion des jeux de données prioritaires", "Chercheurs et médias disposent de données à jour."),
    ("Archivage numérique des dossiers fermés", "Un dossier ancien se consulte en quelques minutes."),
    ("Prise de rendez-vous en ligne", "Les rendez-vous se prennent à toute heure."),
    ("Formation numérique des équipes", "Le personnel accompagne mieux les usagers en ligne."),
    ("Paiement électronique des droits", "Les droits se paient sans chèque ni déplacement."),
)
PLANS_RENVOYES = "Les initiatives sont claires. Précisez, pour la deuxième, ce qui change pour la population."
PLANS_CORRIGES = "Le calendrier de deux initiatives est repoussé d'une année."

DEMANDES = (
    {
        "sigle": "RAMQ",
        "indicateur": "donnees-ouvertes",
        "objet": "Classer nos jeux de données selon leur potentiel de réutilisation",
        "fil": (
            ("organisation", "Nous avons 38 jeux de données à classer. Existe-t-il une grille commune?"),
            ("cqen", "Oui. Je vous propose une rencontre d'une heure pour la parcourir ensemble la semaine prochaine."),
            ("organisation", "Merci. Jeudi nous convient. Je vous envoie notre liste d'ici là."),
        ),
    },
    {
        "sigle": "RAMQ",
        "indicateur": "sans-papier",
        "objet": "Signer les décisions à distance",
        "fil": (
            ("organisation", "Quelle signature électronique suffit pour une décision rendue à une personne?"),
            ("cqen", "La SAAQ y répond dans sa fiche. Je vous mets en relation avec son équipe."),
            ("organisation", "C'est réglé. Merci."),
        ),
        "close": True,
    },
    {
        "sigle": "CTQ",
        "indicateur": "sans-papier",
        "objet": "Par quels processus commencer",
        "fil": (("organisation", "Nous avons 40 processus sur papier et deux personnes. Par lesquels commencer?"),),
    },
    {
        "sigle": "OPHQ",
        "indicateur": None,
        "objet": "Préparer le prochain plan",
        "fil": (("organisation", "Pouvez-vous relire notre ébauche de plan avant que nous la transmettions?"),),
    },
)
FICHES = (
    {
        "sigle": "SAAQ",
        "indicateur": "sans-papier",
        "titre": "Dossiers sans papier en six mois",
        "realisation": "Une équipe de cinq personnes a revu les processus un à un, les plus fréquents d'abord.",
        "resultat": "Trente processus sont passés sans papier. Le délai moyen a baissé de neuf à quatre jours.",
        "suite": "validee",
    },
    {
        "sigle": "RAMQ",
        "indicateur": "sans-papier",
        "titre": "Un formulaire qui se remplit au téléphone",
        "realisation": "Le formulaire de changement d'adresse est récrit pour un petit écran, puis essayé vingt fois.",
        "resultat": "Sept demandes sur dix arrivent maintenant en ligne. Le papier reste offert.",
        "suite": "validee",
    },
    {
        "sigle": "ISQ",
        "indicateur": "donnees-ouvertes",
        "titre": "Diffuser par défaut",
        "realisation": "Chaque nouveau jeu de données est diffusé, sauf décision contraire et motivée.",
        "resultat": "La part des jeux diffusés a dépassé la majorité en un an.",
        "suite": "transmise",
    },
    {
        "sigle": "RAMQ",
        "indicateur": "donnees-ouvertes",
        "titre": "Décrire un jeu de données en une heure",
        "realisation": "Un gabarit de douze champs remplace la fiche de cinquante champs.",
        "resultat": "Deux fois plus de jeux sont décrits.",
        "suite": "renvoyee",
    },
    {
        "sigle": "RAMQ",
        "indicateur": "formation-academie",
        "titre": "Se former par équipe",
        "realisation": "Trois équipes suivent la même formation la même semaine.",
        "resultat": "",
        "suite": "brouillon",
    },
)
FICHE_RENVOYEE = "Dites combien de personnes y ont travaillé, et pendant combien de temps."
