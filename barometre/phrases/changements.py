"""Ce qui a changé d'un trimestre au suivant: en phrases. Pur: ignore Django."""

from barometre.chiffres import Chiffre, Serie
from barometre.phrases.cases import sur
from barometre.phrases.editions import couverture
from barometre.phrases.series import rupture, tendance
from indicateurs.affichage import cible_en_texte
from indicateurs.arithmetique import Verdict, rang
from indicateurs.mots import typographier

AUCUN_PASSAGE = "Aucune organisation n'a franchi sa cible, son chemin ou le seuil."
SANS_PRECEDENT = "Le trimestre précédent n'est pas publié : rien ne s'y compare."
TENUS = (Verdict.ATTEINTE, Verdict.EN_VOIE)


def precedent(serie: Serie) -> Chiffre | None:
    """Le chiffre du trimestre qui précède le dernier, s'il est publié."""
    veille = rang(serie.dernier.trimestre) - 1
    return next((c for c in serie.chiffres if rang(c.trimestre) == veille), None)


def commence_une_definition(serie: Serie) -> bool:
    """Une nouvelle définition rompt-elle la série au dernier trimestre?"""
    return serie.debut_comparable == rang(serie.dernier.trimestre)


def mouvements(serie: Serie) -> list[str]:
    """Ce qui a changé d'un trimestre à l'autre: les ruptures, la part, les réponses."""
    avant = precedent(serie)
    ruptures = [
        rupture(definition)
        for definition, quand in zip(serie.regle.ruptures, serie.regle.coupures, strict=True)
        if quand == rang(serie.dernier.trimestre)
    ]
    if avant is None:
        return [*ruptures, typographier(SANS_PRECEDENT), couverture(serie.dernier.comptes)]
    reponses = sur(avant.comptes.repondantes, avant.comptes.attendues)
    dites = [_part(serie, avant), f"{couverture(serie.dernier.comptes)} Au trimestre précédent : {reponses}."]
    return [*ruptures, *map(typographier, dites)]


def _part(serie: Serie, avant: Chiffre) -> str:
    """Ce qu'est devenue la part."""
    apres = serie.dernier
    if avant.part is None and apres.part is None:
        return "La part n'est connue ni à ce trimestre, ni au précédent."
    if apres.part is None:
        return f"La part n'est pas connue à ce trimestre; elle était de {avant.texte} au précédent."
    if avant.part is None:
        return f"La part est de {apres.texte}; elle n'était pas connue au trimestre précédent."
    if commence_une_definition(serie):
        return f"La part est de {apres.texte}; elle ne se compare pas à celle du trimestre précédent."
    if avant.part == apres.part:
        return f"La part n'a pas changé : {apres.texte}."
    return f"La part est passée de {avant.texte} à {apres.texte}, {tendance(serie, recul=1)}."


def passages(avant: Chiffre, apres: Chiffre) -> list[str]:
    """Les lignes qu'une organisation a franchies: sa cible, son chemin, le seuil; dans un sens ou dans l'autre."""
    if avant.part is None or apres.part is None:
        return []
    dits = _face_au_chemin(avant.verdict, apres.verdict)
    if (seuil := apres.regle.majorite) is not None and (avant.part > seuil) != (apres.part > seuil):
        dit = "passe au-dessus" if apres.part > seuil else "n'est plus au-dessus"
        dits.append(f"{dit} du seuil de {cible_en_texte(seuil)}")
    return dits


def _face_au_chemin(avant: Verdict, apres: Verdict) -> list[str]:
    """Un verdict non jugeable n'est pas un passage."""
    if Verdict.NON_JUGEABLE in (avant, apres) or avant == apres:
        return []
    if apres == Verdict.ATTEINTE:
        return ["atteint sa cible"]
    dits = ["repasse sous sa cible"] if avant == Verdict.ATTEINTE else []
    if (avant in TENUS) != (apres in TENUS):
        dits.append("rejoint son chemin" if apres in TENUS else "passe sous son chemin")
    return dits
