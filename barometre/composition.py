"""Ce qu'une édition dit: son catalogue, ses cases (une par organisation attendue, trimestre, indicateur), ses chiffres.

Le catalogue et les cases viennent de la base; les chiffres, des cases seules: `chiffrer` sert à publier comme à
vérifier un dossier publié.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from barometre.chiffres import ENSEMBLE, Case, Chiffre, Perimetre, Regle
from barometre.revisions import SILENCES, Motifs
from indicateurs.arithmetique import Etat, Reponse, compter, panel_constant, rang
from indicateurs.models import Definition, Indicateur, Prolongation, Soumission, Trimestre, Valeur
from organisations.models import Organisation, PlanTransformation, Strategie

Declarees = Mapping[tuple[str, str, str], Case]  # par sigle, trimestre, indicateur
CHAMPS = (
    "soumission__organisation__sigle",
    "soumission__trimestre__code",
    "indicateur__code",
    "absence",
    "numerateur",
    "denominateur",
    "motif",
    "note",
    "soumission__version",
    "soumission__valide_le",
)


def cataloguer(edition) -> dict[str, Any]:
    """Les noms, règles, cibles et échéances d'aujourd'hui, que l'édition fige."""
    return {
        "organisations": _organisations(edition.trimestre.fin),
        "indicateurs": [_fiche(i) for i in _indicateurs(edition.trimestre.fin)],
        "trimestres": [
            {"code": t.code, "fin": t.fin.isoformat(), "echeance": t.echeance_le.isoformat()}
            for t in Trimestre.objects.filter(code__lte=edition.trimestre.code).order_by("code")
        ],
        **_strategies(edition.arretee_le),
    }


def chiffrer(catalogue: Mapping[str, Any], cases: Iterable[Case]) -> list[Chiffre]:
    """Les chiffres de toutes les cases, par indicateur, périmètre (l'ensemble, les catégories, les portefeuilles)."""
    perimetres = {
        o["sigle"]: {ENSEMBLE, Perimetre(o["portefeuille"]), Perimetre(categorie=o["categorie"])}
        for o in catalogue["organisations"]
    }
    groupes: dict[tuple[str, Perimetre], dict[str, list[Reponse]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        reponse = Reponse(case.sigle, case.etat, case.numerateur, case.denominateur)
        for perimetre in perimetres[case.sigle]:
            groupes[case.indicateur, perimetre][case.trimestre].append(reponse)
    chiffres: list[Chiffre] = []
    for fiche in catalogue["indicateurs"]:
        regle = Regle.depuis(fiche)
        for code, perimetre in sorted(cle for cle in groupes if cle[0] == regle.code):
            chiffres += _serie(regle, perimetre, groupes[code, perimetre])
    return chiffres


def _serie(regle: Regle, perimetre: Perimetre, reponses: Mapping[str, list[Reponse]]) -> Iterator[Chiffre]:
    panel = panel_constant({rang(t): liste for t, liste in reponses.items()}, regle.seuil)
    for trimestre, liste in sorted(reponses.items()):
        comptes = compter(liste, regle.seuil)
        yield Chiffre(regle, trimestre, perimetre, comptes, panel.get(rang(trimestre)))


def _organisations(fin: datetime.date) -> list[dict[str, Any]]:
    """Les organisations déjà assujetties, avec les têtes et les remplaçantes qu'elles nomment."""
    nommees = Organisation.objects.filter(Q(assujettie_du__lte=fin))
    toutes = Organisation.objects.filter(
        Q(pk__in=nommees.values("pk"))
        | Q(pk__in=nommees.values("ministere"))
        | Q(pk__in=nommees.values("remplacee_par"))
    )
    anciens = _anciens_noms()
    return [
        {
            "sigle": o.sigle,
            "slug": o.slug,
            "nom": o.nom,
            "categorie": o.categorie,
            "portefeuille": o.portefeuille,
            "assujettie_du": o.assujettie_du.isoformat(),
            "assujettie_au": o.assujettie_au.isoformat() if o.assujettie_au else "",
            "remplacee_par": o.remplacee_par.sigle if o.remplacee_par else "",
            "site_web": o.site_web,
            "anciens_noms": anciens.get(o.pk, []),
        }
        # Trié ici et non par la base: deux moteurs n'ordonnent pas les textes pareillement.
        for o in sorted(toutes.select_related("ministere", "remplacee_par"), key=lambda o: o.sigle)
    ]


def _anciens_noms() -> dict[int, list[dict[str, str]]]:
    """Les noms que chaque organisation a portés avant le sien, et le jour où chacun a changé; une requête."""
    anciens: dict[int, list[dict[str, str]]] = defaultdict(list)
    portes: dict[int, str] = {}
    histoire = Organisation.history.order_by("history_date", "history_id")
    for cle, nom, change_le in histoire.values_list("id", "nom", "history_date"):
        if (avant := portes.get(cle)) and avant != nom:
            anciens[cle].append({"nom": avant, "jusqu_au": timezone.localdate(change_le).isoformat()})
        portes[cle] = nom
    return anciens


def repondantes(cases: Iterable[Case], trimestre: str) -> set[str]:
    """Les sigles de celles qui ont répondu à un indicateur au moins de ce trimestre."""
    return {case.sigle for case in cases if case.trimestre == trimestre and case.etat not in SILENCES}


def _indicateurs(fin: datetime.date) -> list[Indicateur]:
    """Les indicateurs définis à cette date, même retirés depuis: leurs trimestres passés restent publiés."""
    definis = Indicateur.objects.filter(definitions__applicable_du__lte=fin).distinct()
    return sorted(
        definis.prefetch_related("definitions", "cibles__trimestre", "cibles__organisation"),
        key=lambda indicateur: (indicateur.ordre, indicateur.code),
    )


def _fiche(indicateur: Indicateur) -> dict[str, Any]:
    """Tout ce qui fait l'indicateur: règles, définitions, chemins."""
    mots = ("intitule", "libelle_numerateur", "libelle_denominateur")
    cibles = sorted(
        (cible.organisation.sigle if cible.organisation else "", cible.trimestre.code, str(cible.pourcentage))
        for cible in indicateur.cibles.all()
    )
    return {
        **{champ: getattr(indicateur, champ) for champ in ("code", *mots, "agregation", "denominateur_minimal")},
        **_anglais(indicateur, *mots),
        "seuil": str(indicateur.seuil),
        "retire_le": indicateur.retire_le.isoformat() if indicateur.retire_le else "",
        "definitions": [
            {
                "applicable_du": d.applicable_du.isoformat(),
                "texte": d.texte,
                "rupture": d.rupture,
                "explication": d.explication,
                **_anglais(d, "texte", "explication"),
            }
            for d in sorted(indicateur.definitions.all(), key=lambda d: d.applicable_du)
        ],
        "cibles": [dict(zip(("organisation", "trimestre", "pourcentage"), cible, strict=True)) for cible in cibles],
    }


def _anglais(ligne: Indicateur | Definition, *mots: str) -> dict[str, dict[str, str]]:
    """Ces mots en anglais, sous la clé `anglais`; sans anglais, rien, et l'empreinte de l'édition n'en dit rien."""
    ecrits = {mot: texte for mot in mots if (texte := getattr(ligne, f"{mot}_en"))}
    return {"anglais": ecrits} if ecrits else {}


def _strategies(jusqu_a: datetime.datetime) -> dict[str, Any]:
    """Les stratégies qui ont alors un plan en vigueur, sous la clé `strategies`; rien s'il n'y en a pas."""
    suivies = Strategie.objects.filter(plans__in=PlanTransformation.objects.publics_au(jusqu_a)).distinct()
    lignes = sorted(suivies.values_list("code", "titre", "debut"))
    fiches = [{"code": code, "titre": titre, "debut": debut.isoformat()} for code, titre, debut in lignes]
    return {"strategies": fiches} if fiches else {}


def est_suivi(fiche: Mapping[str, Any], fin: str) -> bool:
    """Cet indicateur du catalogue se déclarait-il au trimestre qui finit ce jour-là?"""
    return fiche["definitions"][0]["applicable_du"] <= fin and (not fiche["retire_le"] or fiche["retire_le"] > fin)


def est_attendue(fiche: Mapping[str, Any], fin: str) -> bool:
    """Cette organisation du catalogue devait-elle déclarer au trimestre qui finit ce jour-là?"""
    return fiche["assujettie_du"] <= fin and (not fiche["assujettie_au"] or fiche["assujettie_au"] >= fin)


def cases(
    edition,
    *,
    sigles: Collection[str] = (),
    trimestres: Collection[str] = (),
    indicateurs: Collection[str] = (),
    declarees: Declarees | None = None,
) -> Iterator[Case]:
    """Les cases attendues d'une édition, enregistrée ou non, dans l'ordre du fichier: trimestre, indicateur, sigle.

    Limitées à ces organisations, ces trimestres, ces indicateurs, ou à tous; deux requêtes dans tous les cas, une de
    moins à qui a déjà lu celles qui sont `declarees`.
    """
    if declarees is None:
        lues = valeurs_de(edition, sigles, trimestres, indicateurs).values_list(*CHAMPS)
        declarees = {case[:3]: case for case in map(case_de, lues.iterator(chunk_size=5000))}
    prolongees = _prolongees(edition)
    jour = timezone.localdate(edition.arretee_le).isoformat()
    organisations = [o for o in edition.catalogue["organisations"] if not sigles or o["sigle"] in sigles]
    fiches = [f for f in edition.catalogue["indicateurs"] if not indicateurs or f["code"] in indicateurs]
    for quand in edition.catalogue["trimestres"]:
        code, fin = quand["code"], quand["fin"]
        if trimestres and code not in trimestres:
            continue
        attendues = [
            (o["sigle"], prolongees.get((o["sigle"], code), quand["echeance"]))
            for o in organisations
            if est_attendue(o, fin)
        ]
        for fiche in fiches:
            if not est_suivi(fiche, fin):
                continue
            for qui, echeance in attendues:
                if declaree := declarees.get((qui, code, fiche["code"])):
                    yield declaree._replace(echeance=echeance)
                else:
                    etat = Etat.PAS_ENCORE_DUE if jour <= echeance else Etat.EN_RETARD
                    yield Case(qui, code, fiche["code"], etat, echeance=echeance)


def motifs(depuis: datetime.datetime, jusqu_a: datetime.datetime) -> Motifs:
    """Pourquoi chaque version acceptée entre ces instants corrige la précédente; une requête."""
    lignes = Soumission.objects.filter(version__gt=1, valide_le__gt=depuis, valide_le__lte=jusqu_a)
    champs = ("organisation__sigle", "trimestre__code", "version", "motif_de_correction")
    return {(sigle, code, version): motif for sigle, code, version, motif in lignes.values_list(*champs)}


def _prolongees(edition) -> dict[tuple[str, str], str]:
    """La dernière échéance accordée avant l'arrêt de l'édition, par organisation et trimestre."""
    lignes = Prolongation.objects.filter(accordee_le__lte=edition.arretee_le).order_by("accordee_le", "pk")
    return {
        (sigle, code): echeance.isoformat()
        for sigle, code, echeance in lignes.values_list("organisation__sigle", "trimestre__code", "echeance_le")
    }


def valeurs_de(
    edition, sigles: Collection[str] = (), trimestres: Collection[str] = (), indicateurs: Collection[str] = ()
) -> QuerySet[Valeur]:
    """Les valeurs telles que le registre les donnait à l'instant de l'édition."""
    valeurs = Valeur.objects.publiques(edition)
    if sigles:
        valeurs = valeurs.filter(soumission__organisation__sigle__in=sigles)
    if trimestres:
        valeurs = valeurs.filter(soumission__trimestre__code__in=trimestres)
    if indicateurs:
        valeurs = valeurs.filter(indicateur__code__in=indicateurs)
    return valeurs


def reponses(edition, **limites: Collection[str]) -> Declarees:
    """Ce qui fut déclaré, sans la version ni la date, que l'on ne lit pas pour rien; mêmes limites que `cases`."""
    lues = valeurs_de(edition, **limites).values_list(*CHAMPS[:-2])
    return {
        (sigle, code, indicateur): Case(sigle, code, indicateur, absence or Etat.VALEUR.value, *reste)
        for sigle, code, indicateur, absence, *reste in lues
    }


def case_de(ligne: tuple[Any, ...]) -> Case:
    """La case d'une valeur, lue dans l'ordre de `CHAMPS`."""
    sigle, trimestre, indicateur, absence, numerateur, denominateur, motif, note, version, valide_le = ligne
    instant = timezone.localtime(valide_le, datetime.UTC).isoformat(timespec="seconds")
    etat = absence or Etat.VALEUR.value
    return Case(
        sigle, trimestre, indicateur, etat, numerateur, denominateur, motif, note, version=version, valide_le=instant
    )
