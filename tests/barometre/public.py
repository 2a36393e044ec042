"""Un monde publié, de la taille voulue, et de quoi lire ses pages."""

import datetime
import html
import re
from uuid import uuid4

from django.core.cache import caches
from django.core.files.base import ContentFile

from barometre.models import Edition
from indicateurs.models import Definition, FicheExpertise, Indicateur, Saisie
from organisations.models import Avancement, ContenuDInitiative, ContenuDuPlan, Organisation, Strategie
from tests import fabrique as f

CODES = ["2020-T4"] + [f"{annee}-T{q}" for annee in (2021, 2022) for q in (1, 2, 3, 4)] + ["2023-T1"]
ABSENT = Saisie(absence="NON_DISPONIBLE", motif="systèmes en migration")

# Ce que valent les paramètres des adresses publiques, dans le monde des autorisations: la SAAQ y a tout d'accepté.
COURBES = ("courbe", "courbe_propre", "courbe_commune")
PARAMETRES = {"nom": "valeurs.csv", "forme": "csv", "edition": "2023-T1", "document_public.slug": "saaq"}
PARAMETRES |= {"avant": "2023-T1", "apres": "2023-T1"}
PARAMETRES |= dict.fromkeys(
    (f"{nom}.code" for nom in ("graphique", "figure", "valeurs_csv", "image_d_indicateur", "integrer", *COURBES)),
    "papier",
)
PARAMETRES |= {"fiche_publique.slug": "saaq", "fiche_publique.reference": "publique"}
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG, ATOM = "image/png", "application/atom+xml; charset=utf-8"
# Les fichiers publics, par nom d'adresse: ceux qu'on télécharge, et ceux qu'un logiciel lit à leur adresse.
TELECHARGES = dict.fromkeys(("fichier", "revisions_csv", "organisations_csv", "valeurs_csv", *COURBES), CSV)
TELECHARGES |= {"document_public": "application/pdf", "organisations_xlsx": XLSX}
SUIVIS = {"flux": ATOM, "flux_d_une_organisation": ATOM, "calendrier_ics": "text/calendar; charset=utf-8"}
SUIVIS |= {"plan_du_site": "application/xml", "robots": "text/plain; charset=utf-8", "figure": "application/json"}
PARTAGES = ("image_du_site", "image_d_indicateur", "image_d_organisation", "figure", "integrer")
PARTAGES += ("organisations_csv", "organisations_xlsx", "revisions_csv", "fichier", "valeurs_csv")
PARTAGES += (*COURBES, "courbes_comparees")  # un autre site peut les montrer
SUIVIS |= dict.fromkeys(("image_du_site", "image_d_indicateur", "image_d_organisation"), PNG)
ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
INITIATIVES = [
    ContenuDInitiative("Un guichet", f.DEBUT, f.FIN, "Une seule visite.", Avancement.TERMINEE, 100),
    ContenuDInitiative("La signature électronique", f.DEBUT, f.FIN, "", Avancement.EN_COURS, 40),
    ContenuDInitiative("L'archivage", f.FIN, f.FIN, "", Avancement.ABANDONNEE, 5),
]


def entetes_attendus(nom: str, statut: int) -> tuple[dict[str, str | None], str]:
    """Les en-têtes d'une réponse, et qui peut l'encadrer: ce qui se montre ailleurs y est permis, une fois trouvé."""
    public = nom.removeprefix("edition:") if statut not in (404, 405) else ""
    partage = {"Cross-Origin-Resource-Policy": "cross-origin"} if public in PARTAGES else {}
    if public == "integrer":
        return ENTETES | partage | {"X-Frame-Options": None}, "*"
    return ENTETES | partage, "'none'"


def publier(organisations: int = 3, **champs) -> Edition:
    """Deux cibles, une formation, un ministère et ses organismes, dix trimestres, des trous et des silences."""
    papier = f.indicateur("sans-papier", intitule="Processus sans papier", ordre=1)
    ouvertes = f.indicateur("donnees-ouvertes", intitule="Données diffusées", agregation="PART_ORGANISATIONS", ordre=2)
    formation = f.indicateur("formation", intitule="Personnes formées", ordre=3)
    Definition.objects.create(
        indicateur=ouvertes,
        applicable_du=datetime.date(2021, 7, 1),
        texte="Autrement compté.",
        rupture=True,
        explication="Le périmètre change.",
    )
    for sur, but in ((papier, "75"), (ouvertes, "60")):
        f.cible(sur, "2021-T1", "20")
        f.cible(sur, "2023-T4", but)
    tete = f.ministere("MCN", nom="Ministère de la Cybersécurité")
    toutes = [tete]
    toutes += [f.organisation(f"O{n}", nom=f"Régie numéro {n}", ministere=tete) for n in range(organisations - 1)]
    trimestres = {code: f.trimestre(code) for code in CODES}
    f.reprendre(
        {
            (o, trimestres[code]): {
                papier: (24 + 11 * n % 20 + 3 * t, 100),
                ouvertes: ABSENT if (n, t) == (2, 9) else (33 + 5 * n % 20 + 2 * t, 90),
                formation: (n, 50) if n else (0, 0),
            }
            for n, o in enumerate(toutes)
            for t, code in enumerate(CODES)
            if code != "2021-T1" and (n, t) != (1, 9)
        },
        f.instant("2023-05-02"),
    )
    return paraitre("2023-05-18", **champs)


def paraitre(jour: str, **champs) -> Edition:
    """L'édition d'un jour, désignée comme après une transaction réelle."""
    edition = f.edition(f.trimestre(CODES[-1]), f.instant(jour), **champs)
    edition.designer()
    return edition


def partager() -> None:
    """Chaque organisation a un plan corrigé une fois et une fiche, acceptés avant l'édition."""
    strategie = Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    papier, relecteur = Indicateur.objects.get(code="sans-papier"), f.relecteur()
    for organisation in Organisation.objects.all():
        plan = f.plan(organisation, strategie)
        accepter(plan, relecteur, "2021-06-01")
        corriger(plan, relecteur, "2022-06-01")
        accepter(fiche(organisation, papier), relecteur, "2023-05-03")


def rediger(organisation, document: bytes = b"", strategie: Strategie | None = None, **champs):
    """Un plan complet, en brouillon."""
    plan = f.plan(organisation, strategie or Strategie.objects.get(code="2019-2023"))
    dit = {"resume": "Moins de papier.\n\nPlus de services.", "initiatives": INITIATIVES} | champs
    joint = ContentFile(document, "plan.pdf") if document else None
    plan.rediger(ContenuDuPlan(f.DEBUT, f.FIN, **dit), par=plan.cree_par, le=plan.cree_le, document=joint)
    return plan


def accepte(organisation, jour: str = "2023-06-01", document: bytes = b"", **champs):
    """Un plan accepté après l'édition."""
    plan = rediger(organisation, document, **champs)
    accepter(plan, f.relecteur(), jour)
    return plan


def corriger(dossier, relecteur, jour: str, motif: str = "Une date était fausse."):
    """La version suivante, acceptée."""
    suivante = dossier.corriger(par=dossier.cree_par, le=f.instant(jour, 8), motif=motif)
    accepter(suivante, relecteur, jour)
    return suivante


def fiche(organisation, indicateur, reference: str = "guichet", **champs) -> FicheExpertise:
    """Une fiche complète, non transmise."""
    dits = {"titre": "Un guichet en ligne", "realisation": "Tout a été revu.\n\nPuis refait."}
    return FicheExpertise.objects.create(
        organisation=organisation,
        indicateur=indicateur,
        reference=reference,
        cree_le=f.instant("2020-01-01"),
        cree_par=f.declarant(organisation),
        **dits | {"resultat": "Deux jours.", "contact": "savoir@exemple.test"} | champs,
    )


def accepter(dossier, relecteur, jour: str) -> None:
    """Transmis, puis accepté."""
    dossier.soumettre(par=dossier.cree_par, le=f.instant(jour, 9))
    dossier.valider(par=relecteur, le=f.instant(jour, 10))


def vider_le_cache() -> None:
    """Un préfixe neuf: rien de gardé ne se retrouve."""
    caches["default"].key_prefix = uuid4().hex


def texte(reponse) -> str:
    """Le texte d'une page, sans balises; les espaces insécables restent."""
    sans = re.sub(r"<(svg|head)\b.*?</\1>", " ", reponse.content.decode(), flags=re.DOTALL)
    return re.sub(r"[ \n\t]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", sans)))
