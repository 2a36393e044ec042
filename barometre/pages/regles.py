"""Le texte de la méthode: chaque règle de calcul, et les mots du site."""

REGLES = (
    (
        "attendues",
        "Les organisations attendues",
        (
            "Une organisation est attendue si elle doit déclarer au dernier jour du trimestre.",
            "Celles qui naissent, fusionnent ou disparaissent suivent la même règle.",
        ),
    ),
    (
        "repondantes",
        "Les répondantes",
        (
            "Une attendue est répondante quand le CQEN a accepté sa réponse.",
            "Une absence motivée est une réponse. Un silence n'en est pas une.",
        ),
    ),
    (
        "absences",
        "Zéro, sans objet, non disponible, silence",
        (
            "Zéro est un nombre, et il compte.",
            "Sans objet veut dire que l'indicateur ne concerne pas l'organisation.",
            "Non disponible veut dire que le nombre existe peut-être, mais n'est pas connu. La raison est publique.",
            "Un silence est une réponse en retard, ou pas encore due. Rien n'est inventé à sa place.",
        ),
    ),
    (
        "calculables",
        "Les calculables",
        (
            "Une répondante est calculable quand elle donne deux nombres, et que le second dépasse zéro.",
            "Zéro sur zéro ne vaut ni 0 %, ni 100 % : c'est sans objet.",
        ),
    ),
    (
        "part-propre",
        "La part d'une organisation",
        ("C'est le premier nombre qu'elle déclare, divisé par le second.",),
    ),
    (
        "part-globale",
        "La part globale",
        (
            "On additionne les premiers nombres des calculables, puis leurs seconds. On divise l'un par l'autre.",
            "Ce n'est jamais une moyenne de parts : une grande organisation pèse plus qu'une petite.",
        ),
    ),
    (
        "part-des-organisations",
        "La part des organisations",
        (
            "On compte les calculables dont la part dépasse un seuil. On divise par toutes les calculables.",
            "Il faut dépasser le seuil : l'égaler ne suffit pas.",
        ),
    ),
    (
        "couverture",
        "La couverture et les bornes",
        (
            "La couverture est la part des attendues qui ont répondu.",
            "Les bornes disent où irait une part d'organisations si les silencieuses répondaient.",
            "La borne basse les suppose toutes sous le seuil. La borne haute les suppose toutes au-dessus.",
        ),
    ),
    (
        "panel-constant",
        "Le panel constant",
        (
            "Une part peut bouger parce que d'autres organisations répondent.",
            "Le panel constant ne garde que celles qui sont calculables à chacun des huit derniers trimestres.",
            "Il n'existe pas sous deux organisations.",
        ),
    ),
    (
        "chemin",
        "La cible et son chemin",
        (
            "Une cible est une suite de points datés. Entre deux points, le chemin est une ligne droite.",
            "Avant le premier point, il n'y a pas de cible. Après le dernier, le dernier vaut toujours.",
        ),
    ),
    (
        "verdict",
        "Le verdict",
        (
            "Atteinte : la part égale ou dépasse la cible finale.",
            "En voie : elle est sur le chemin du trimestre, ou au-dessus. En retard : elle est dessous.",
            "Non jugeable : il manque la part ou la cible, ou les cas sont trop peu nombreux.",
            "On compare les fractions exactes, jamais des nombres arrondis. Un trimestre à venir n'est pas jugé.",
        ),
    ),
    (
        "projection",
        "Le rythme",
        (
            "On trace une pente entre chaque paire des huit derniers trimestres connus. On garde celle du milieu.",
            "Cette méthode, dite de Theil et Sen, résiste à un trimestre aberrant. Il faut quatre trimestres.",
            "Elle prolonge une tendance. Ce n'est pas une prévision.",
        ),
    ),
    (
        "ruptures",
        "Les changements de définition",
        (
            "Une nouvelle définition peut rompre la série : l'avant et l'après ne se comparent plus.",
            "La courbe le marque. Le rythme ne traverse jamais une rupture.",
        ),
    ),
    (
        "affichage",
        "L'écriture d'un nombre",
        (
            "Une part s'écrit avec une décimale. L'arrondi ne franchit jamais une ligne.",
            "Seul le tout s'écrit 100 %, et seul zéro s'écrit 0 %.",
            "Une part juste sous sa cible ne s'écrit jamais comme la cible.",
        ),
    ),
    (
        "editions",
        "Les éditions et les révisions",
        (
            "Une édition fige les réponses acceptées à un instant, avec les noms, les règles et les cibles d'alors.",
            "Elle ne change plus. Une réponse corrigée paraît dans l'édition suivante, avec sa raison.",
            "Une révision ajoute ou retire une réponse. Une correction change une réponse déjà publiée.",
            "L'empreinte de chaque édition dépend de celle d'avant : rien ne se change sans se voir.",
        ),
    ),
)

GLOSSAIRE = (
    ("Catégorie", "La nature d'une organisation : ministère, organisme, établissement."),
    ("CQEN", "Le Centre québécois d'excellence numérique. Il relit les réponses et publie les éditions."),
    ("Dénominateur", "Le second nombre d'une part : le tout."),
    ("Édition", "Une publication du baromètre. Son code nomme son dernier trimestre."),
    ("Empreinte", "Une suite de signes calculée sur les fichiers. Un seul changement la change toute."),
    ("Indicateur", "Ce que l'on mesure, avec une définition écrite."),
    ("Numérateur", "Le premier nombre d'une part : ce qui répond à la définition."),
    ("Plan", "Le plan de transformation numérique d'une organisation."),
    ("Point", "L'écart entre deux parts. De 40 % à 45 %, il y a cinq points."),
    ("Portefeuille", "Un ministère et les organisations qui en relèvent."),
    ("Seuil", "La part qu'une organisation doit dépasser pour être comptée."),
    ("Trimestre", "Trois mois. « 2023-T1 » va de janvier à mars 2023."),
)
