"""La page où l'on relit une soumission: ce qui est signalé, et chaque réponse à côté de celles d'avant."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q

from indicateurs import ecarts, mots, phrases
from indicateurs.arithmetique import code_du_rang
from indicateurs.etincelle import Releve, tracer
from indicateurs.models import Indicateur, Soumission, Valeur
from organisations.models import Statut

ANNEES = 3  # de série, avant celle du trimestre
GENRES = {
    "ETONNEMENT": ("un chiffre qui étonne", "{} chiffres qui étonnent"),
    "RETARD": ("en retard", "en retard"),
    "PREMIERE": ("première transmission", "première transmission"),
    "PETIT_DENOMINATEUR": ("un petit dénominateur", "{} petits dénominateurs"),
}


class Passe(NamedTuple):
    """Ce que l'organisation a dit: ici, dans la version d'avant, et trimestre par trimestre; par indicateur."""

    ici: dict[int, Valeur]
    avant: dict[int, Valeur]
    trimestres: dict[str, dict[int, Valeur]]  # du plus ancien à celui d'ici, compris


def contexte(soumission: Soumission) -> dict[str, Any]:
    """Le même nombre de requêtes quels que soient les indicateurs et l'histoire."""
    passe = _passe(soumission)
    attendus = {i.pk: i for i in soumission.indicateurs_attendus().order_by("ordre", "code")}
    indicateurs = attendus | {cle: v.indicateur for cle, v in passe.ici.items() if cle not in attendus}
    signales = {s["indicateur"] for s in soumission.signalements}
    titres = _titres(soumission, passe)
    return {
        "signalements": _signalements(soumission, passe.ici),
        "titres": titres,
        "cartes": [_carte(i, soumission, passe, i.code in signales) for i in indicateurs.values()],
    }


def en_bref(signalements: Iterable[Mapping[str, str]]) -> str:
    """« Un chiffre qui étonne, en retard »; vide si rien n'est signalé."""
    comptes = Counter(s["genre"] for s in signalements)
    dits = [
        (un if comptes[genre] == 1 else des.format(comptes[genre]))
        for genre, (un, des) in GENRES.items()
        if comptes[genre]
    ]
    phrase = ", ".join(dits)
    return phrase[:1].upper() + phrase[1:]


def _passe(soumission: Soumission) -> Passe:
    """Une requête. D'un trimestre d'avant compte la dernière version transmise."""
    d_ici = Q(soumission__trimestre=soumission.trimestre)
    avant = Q(
        soumission__statut__in=(Statut.SOUMIS, Statut.VALIDE),
        soumission__trimestre__code__lt=soumission.trimestre.code,
        soumission__trimestre__annee__gte=soumission.trimestre.annee - ANNEES,
    )
    dites = Valeur.objects.de(soumission.organisation).filter(d_ici | avant)
    passe = Passe({}, {}, defaultdict(dict))
    versions = {soumission.version: passe.ici, soumission.version - 1: passe.avant}
    for valeur in dites.select_related("indicateur", "soumission__trimestre").order_by(
        "soumission__trimestre__code", "soumission__version"
    ):
        dite = valeur.soumission
        if dite.trimestre_id != soumission.trimestre_id:
            passe.trimestres[dite.trimestre.code][valeur.indicateur_id] = valeur
        elif dite.version in versions:
            versions[dite.version][valeur.indicateur_id] = valeur
    return passe._replace(trimestres={**passe.trimestres, soumission.trimestre.code: passe.ici})


def _signalements(soumission: Soumission, ici: Mapping[int, Valeur]) -> list[dict[str, str]]:
    """Chaque signalement, l'indicateur dont il parle, et ce que l'organisation en a dit."""
    par_code = {v.indicateur.code: v for v in ici.values()}
    lignes = []
    for s in soumission.signalements:
        valeur = par_code.get(s["indicateur"])
        justifie = valeur is not None and s["genre"] == "ETONNEMENT"
        lignes.append(
            {
                "phrase": s["phrase"],
                "indicateur": valeur.indicateur.intitule if valeur else "",
                "justification": valeur.justification if valeur and justifie else "",
            }
        )
    return lignes


def _titres(soumission: Soumission, passe: Passe) -> list[str]:
    """Les colonnes d'à côté: la version d'avant s'il y en a une, et le trimestre d'avant."""
    version = [f"Version {soumission.version - 1}"] if soumission.version > 1 else []
    code = code_du_rang(soumission.trimestre.rang - 1)
    dites = passe.trimestres.get(code, {}).values()
    if not dites:
        suite = ", rien de transmis"
    else:
        suite = ", pas encore accepté" if any(v.soumission.statut == Statut.SOUMIS for v in dites) else ""
    return [*version, f"{mots.trimestre(code)}{suite}"]


def _carte(indicateur: Indicateur, soumission: Soumission, passe: Passe, signale: bool) -> dict[str, Any]:
    """Une réponse, à côté de celles d'avant, et la série de l'organisation."""
    precedent = passe.trimestres.get(code_du_rang(soumission.trimestre.rang - 1), {})
    autres = ([passe.avant] if soumission.version > 1 else []) + [precedent]
    ici = passe.ici.get(indicateur.pk)
    serie = [(code, dites[indicateur.pk]) for code, dites in passe.trimestres.items() if indicateur.pk in dites]
    libelles = (indicateur.libelle_numerateur, indicateur.libelle_denominateur)
    return {
        "indicateur": indicateur,
        "signale": signale,
        "lignes": list(ecarts.comparer(libelles, _dit(ici) or {}, tuple(_dit(a.get(indicateur.pk)) for a in autres))),
        "courbe": tracer([Releve(code, ecarts.part(valeur.saisie.en_json())) for code, valeur in serie]),
        "serie": [(mots.trimestre(code), _dite(valeur)) for code, valeur in serie],
    }


def _dit(valeur: Valeur | None) -> dict[str, int | str] | None:
    return None if valeur is None else valeur.saisie.en_json()


def _dite(valeur: Valeur) -> str:
    return phrases.reponse(None if valeur.absence else valeur.compte, valeur.absence, valeur.motif)


def reponses_en_bref(soumissions: Sequence[Soumission]) -> tuple[list[str], list[tuple[Soumission, list[str]]]]:
    """Les indicateurs, puis de chaque soumission sa réponse à chacun, en quelques mots. Une requête."""
    valeurs = Valeur.objects.filter(soumission__in=soumissions).select_related("indicateur")
    par_soumission: dict[int, dict[str, str]] = defaultdict(dict)
    intitules: dict[str, str] = {}
    for v in valeurs.order_by("indicateur__ordre", "indicateur__code"):
        part = ecarts.part(v.saisie.en_json())
        compte = f"{v.numerateur} sur {v.denominateur}"
        intitules[v.indicateur.code] = v.indicateur.intitule
        par_soumission[v.soumission_id][v.indicateur.code] = (
            phrases.ABSENCES[v.absence] if v.absence else compte if part is None else phrases.pourcentage(part)
        )
    return list(intitules.values()), [
        (s, [par_soumission[s.pk].get(code, "sans réponse") for code in intitules]) for s in soumissions
    ]
