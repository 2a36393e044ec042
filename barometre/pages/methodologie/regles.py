"""Le texte de la méthode: chaque règle de calcul, et les mots du site."""

from indicateurs.langue import gettext_noop

REGLES = (
    (
        "attendues",
        gettext_noop("Les organisations attendues"),
        (
            gettext_noop("Une organisation est attendue si elle doit déclarer au dernier jour du trimestre."),
            gettext_noop("Celles qui naissent, fusionnent ou disparaissent suivent la même règle."),
        ),
    ),
    (
        "repondantes",
        gettext_noop("Les répondantes"),
        (
            gettext_noop("Une attendue est répondante quand le CQEN a accepté sa réponse."),
            gettext_noop("Une absence motivée est une réponse. Un silence n'en est pas une."),
        ),
    ),
    (
        "absences",
        gettext_noop("Zéro, sans objet, non disponible, silence"),
        (
            gettext_noop("Zéro est un nombre, et il compte."),
            gettext_noop("Sans objet veut dire que l'indicateur ne concerne pas l'organisation."),
            gettext_noop(
                "Non disponible veut dire que le nombre existe peut-être, mais n'est pas connu. La raison est publique."
            ),
            gettext_noop("Un silence est une réponse en retard, ou pas encore due. Rien n'est inventé à sa place."),
            gettext_noop(
                "Dans les comptes, zéro sur zéro est sans objet, et une réponse pas encore due, sans réponse."
            ),
        ),
    ),
    (
        "calculables",
        gettext_noop("Les calculables"),
        (
            gettext_noop("Une répondante est calculable quand elle donne deux nombres, et que le second dépasse zéro."),
            gettext_noop("Zéro sur zéro ne vaut ni 0 %, ni 100 % : c'est sans objet."),
        ),
    ),
    (
        "part-propre",
        gettext_noop("La part d'une organisation"),
        (gettext_noop("C'est le premier nombre qu'elle déclare, divisé par le second."),),
    ),
    (
        "part-globale",
        gettext_noop("La part globale"),
        (
            gettext_noop(
                "On additionne les premiers nombres des calculables, puis leurs seconds. On divise l'un par l'autre."
            ),
            gettext_noop("Ce n'est jamais une moyenne de parts : une grande organisation pèse plus qu'une petite."),
        ),
    ),
    (
        "part-des-organisations",
        gettext_noop("La part des organisations"),
        (
            gettext_noop(
                "On compte les calculables dont la part dépasse un seuil. On divise par toutes les calculables."
            ),
            gettext_noop("Il faut dépasser le seuil : l'égaler ne suffit pas."),
        ),
    ),
    (
        "couverture",
        gettext_noop("La couverture et les bornes"),
        (
            gettext_noop("La couverture est la part des attendues qui ont répondu."),
            gettext_noop("Les bornes disent où irait une part d'organisations si les silencieuses répondaient."),
            gettext_noop(
                "La borne basse les suppose toutes sous le seuil. La borne haute les suppose toutes au-dessus."
            ),
        ),
    ),
    (
        "panel-constant",
        gettext_noop("Le panel constant"),
        (
            gettext_noop("Une part peut bouger parce que d'autres organisations répondent."),
            gettext_noop(
                "Le panel constant ne garde que celles qui sont calculables à chacun des huit derniers trimestres."
            ),
            gettext_noop("Il n'existe pas sous deux organisations."),
            gettext_noop(
                "L'écart en un an d'un portefeuille ou d'une catégorie ne se dit qu'entre autant de calculables."
            ),
        ),
    ),
    (
        "chemin",
        gettext_noop("La cible et son chemin"),
        (
            gettext_noop("Une cible est une suite de points datés. Entre deux points, le chemin est une ligne droite."),
            gettext_noop("Avant le premier point, il n'y a pas de cible. Après le dernier, le dernier vaut toujours."),
        ),
    ),
    (
        "verdict",
        gettext_noop("Le verdict"),
        (
            gettext_noop("Atteinte : la part égale ou dépasse la cible finale."),
            gettext_noop("En voie : elle est sur le chemin du trimestre, ou au-dessus. En retard : elle est dessous."),
            gettext_noop("Non jugeable : il manque la part ou la cible, ou les cas sont trop peu nombreux."),
            gettext_noop(
                "On compare les fractions exactes, jamais des nombres arrondis. Un trimestre à venir n'est pas jugé."
            ),
        ),
    ),
    (
        "projection",
        gettext_noop("Le rythme"),
        (
            gettext_noop(
                "On trace une pente entre chaque paire des huit derniers trimestres connus. On garde celle du milieu."
            ),
            gettext_noop(
                "Cette méthode, dite de Theil et Sen, résiste à un trimestre aberrant. Il faut quatre trimestres."
            ),
            gettext_noop("Elle prolonge une tendance. Ce n'est pas une prévision."),
        ),
    ),
    (
        "ruptures",
        gettext_noop("Les changements de définition"),
        (
            gettext_noop("Une nouvelle définition peut rompre la série : l'avant et l'après ne se comparent plus."),
            gettext_noop("La courbe le marque. Le rythme ne traverse jamais une rupture."),
        ),
    ),
    (
        "affichage",
        gettext_noop("L'écriture d'un nombre"),
        (
            gettext_noop("Une part s'écrit avec une décimale. L'arrondi ne franchit jamais une ligne."),
            gettext_noop("Seul le tout s'écrit 100 %, et seul zéro s'écrit 0 %."),
            gettext_noop("Une part juste sous sa cible ne s'écrit jamais comme la cible."),
            gettext_noop("Le chemin à un trimestre s'écrit comme une part."),
            gettext_noop("Une cible et un seuil s'écrivent sans décimale s'ils sont ronds : 75 % ou 41,2 %."),
            gettext_noop("Un écart se calcule avant l'arrondi : de 19,8 % à 21,8 %, il peut être de 2,1 points."),
        ),
    ),
    (
        "editions",
        gettext_noop("Les éditions et les révisions"),
        (
            gettext_noop(
                "Une édition fige les réponses acceptées à un instant, avec les noms, les règles et les cibles d'alors."
            ),
            gettext_noop("Elle ne change plus. Une réponse corrigée paraît dans l'édition suivante, avec sa raison."),
            gettext_noop("Une révision ajoute ou retire une réponse. Une correction change une réponse déjà publiée."),
            gettext_noop("L'empreinte de chaque édition dépend de celle d'avant : rien ne se change sans se voir."),
        ),
    ),
)

GLOSSAIRE = (
    (gettext_noop("Catégorie"), gettext_noop("La nature d'une organisation : ministère, organisme, établissement.")),
    (
        gettext_noop("CQEN"),
        gettext_noop("Le Centre québécois d'excellence numérique. Il relit les réponses et publie les éditions."),
    ),
    (gettext_noop("Dénominateur"), gettext_noop("Le second nombre d'une part : le tout.")),
    (gettext_noop("Édition"), gettext_noop("Une publication du baromètre. Son code nomme son dernier trimestre.")),
    (
        gettext_noop("Empreinte"),
        gettext_noop("Une suite de signes calculée sur les fichiers. Un seul changement la change toute."),
    ),
    (gettext_noop("Indicateur"), gettext_noop("Ce que l'on mesure, avec une définition écrite.")),
    (gettext_noop("Numérateur"), gettext_noop("Le premier nombre d'une part : ce qui répond à la définition.")),
    (gettext_noop("Plan"), gettext_noop("Le plan de transformation numérique d'une organisation.")),
    (gettext_noop("Point"), gettext_noop("L'écart entre deux parts. De 40 % à 45 %, il y a cinq points.")),
    (gettext_noop("Portefeuille"), gettext_noop("Un ministère et les organisations qui en relèvent.")),
    (gettext_noop("Seuil"), gettext_noop("La part qu'une organisation doit dépasser pour être comptée.")),
    (gettext_noop("Trimestre"), gettext_noop("Trois mois. « 2023-T1 » va de janvier à mars 2023.")),
)
