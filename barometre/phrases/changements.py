"""Ce qui a changé d'un trimestre au suivant: en phrases. Pur: ignore Django."""

from barometre.chiffres import Chiffre, Serie
from barometre.phrases.cases import sur
from barometre.phrases.editions import couverture
from barometre.phrases.series import rupture, tendance
from indicateurs.affichage import accorder, cible_en_texte, nombre
from indicateurs.arithmetique import Verdict, rang
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import typographier

AUCUN_PASSAGE = gettext_noop("Aucune organisation n'a franchi sa cible, son chemin ou le seuil.")
SANS_PRECEDENT = gettext_noop("Le trimestre précédent n'est pas publié : rien ne s'y compare.")
TENUS = (Verdict.ATTEINTE, Verdict.EN_VOIE)


def precedent(serie: Serie, recul: int = 1) -> Chiffre | None:
    """Le chiffre du trimestre qui précède le dernier, ou de `recul` trimestres plus tôt, s'il est publié."""
    alors = rang(serie.dernier.trimestre) - recul
    return next((c for c in serie.chiffres if rang(c.trimestre) == alors), None)


def tendance_d_un_perimetre(serie: Serie) -> str:
    """L'écart en un an; « de 1 à 3 organisations » si celles qui ont un chiffre ne sont plus aussi nombreuses."""
    avant, apres = precedent(serie, recul=4), serie.dernier.comptes.calculables
    if avant is None or serie.ecart_avec(4) is None or avant.comptes.calculables == apres:
        return tendance(serie)
    trous = {"avant": nombre(avant.comptes.calculables), "apres": accorder(apres, _("organisation"))}
    return _("de %(avant)s à %(apres)s") % trous


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
        return [*ruptures, typographier(_(SANS_PRECEDENT)), couverture(serie.dernier.comptes)]
    reponses = _("Au trimestre précédent : %s.") % sur(avant.comptes.repondantes, avant.comptes.attendues)
    dites = [_part(serie, avant), f"{couverture(serie.dernier.comptes)} {reponses}"]
    return [*ruptures, *map(typographier, dites)]


def _part(serie: Serie, avant: Chiffre) -> str:
    """Ce qu'est devenue la part."""
    apres = serie.dernier
    if avant.part is None and apres.part is None:
        return _("La part n'est connue ni à ce trimestre, ni au précédent.")
    if apres.part is None:
        return _("La part n'est pas connue à ce trimestre; elle était de %s au précédent.") % avant.texte
    if avant.part is None:
        return _("La part est de %s; elle n'était pas connue au trimestre précédent.") % apres.texte
    if serie.ecart_avec(1) is None:
        return _("La part est de %s; elle ne se compare pas à celle du trimestre précédent.") % apres.texte
    if avant.part == apres.part:
        return _("La part n'a pas changé : %s.") % apres.texte
    trous = {"avant": avant.texte, "apres": apres.texte, "tendance": tendance(serie, recul=1)}
    return _("La part est passée de %(avant)s à %(apres)s, %(tendance)s.") % trous


def passages(avant: Chiffre, apres: Chiffre) -> list[str]:
    """Les lignes qu'une organisation a franchies: sa cible, son chemin, le seuil; dans un sens ou dans l'autre."""
    if avant.part is None or apres.part is None:
        return []
    dits = _face_au_chemin(avant.verdict, apres.verdict)
    if (seuil := apres.regle.majorite) is not None and (avant.part > seuil) != (apres.part > seuil):
        passe, sort = _("passe au-dessus du seuil de %s"), _("n'est plus au-dessus du seuil de %s")
        dits.append((passe if apres.part > seuil else sort) % cible_en_texte(seuil))
    return dits


def _face_au_chemin(avant: Verdict, apres: Verdict) -> list[str]:
    """Un verdict non jugeable n'est pas un passage."""
    if Verdict.NON_JUGEABLE in (avant, apres) or avant == apres:
        return []
    if apres == Verdict.ATTEINTE:
        return [_("atteint sa cible")]
    dits = [_("repasse sous sa cible")] if avant == Verdict.ATTEINTE else []
    if (avant in TENUS) != (apres in TENUS):
        dits.append(_("rejoint son chemin") if apres in TENUS else _("passe sous son chemin"))
    return dits
