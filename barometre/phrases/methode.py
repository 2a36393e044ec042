"""Les exemples de la méthode, tirés de vrais chiffres: en phrases. Pur: ignore Django."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from barometre.chiffres import Chiffre, Regle, Serie
from barometre.phrases.cases import sur
from barometre.phrases.chiffres import bornes, dont_depassent, verdict
from barometre.phrases.editions import couverture as qui_a_repondu
from barometre.phrases.series import panel as qui_est_au_panel
from barometre.phrases.series import projection as quand_la_cible
from barometre.phrases.series import rupture
from indicateurs.affichage import accorder, cible_en_texte, nombre, pour_cent_exact, pourcentage
from indicateurs.arithmetique import TRIMESTRES_DU_PANEL, code_du_rang, rang
from indicateurs.mots import trimestre, typographier


def _ecrire(*phrases: str) -> list[str]:
    return [typographier(phrase) for phrase in phrases if phrase]


def attendues(chiffre: Chiffre) -> list[str]:
    """Combien devaient répondre."""
    combien = accorder(chiffre.comptes.attendues, "organisation était attendue", "organisations étaient attendues")
    return _ecrire(_sujet(chiffre), f"Au {trimestre(chiffre.trimestre)}, {combien}.")


def repondantes(chiffre: Chiffre) -> list[str]:
    """Combien ont répondu, et comment."""
    comptes = chiffre.comptes
    dont = [accorder(comptes.calculables, "chiffre")]
    dont.append(f"{nombre(comptes.sans_objet)} sans objet")
    dont.append(f"{nombre(comptes.non_disponibles)} non disponible{'s' if comptes.non_disponibles > 1 else ''}")
    reponses = f"Leurs réponses : {', '.join(dont)}." if comptes.repondantes else ""
    return _ecrire(qui_a_repondu(comptes), reponses)


def calculables(chiffre: Chiffre, sans_objet: str) -> list[str]:
    """Combien ont de quoi calculer; `sans_objet` nomme une organisation qui ne l'a pas."""
    combien = chiffre.comptes.calculables
    phrase = f"{accorder(combien, 'organisation')} {'ont' if combien > 1 else 'a'} de quoi calculer une part."
    if combien == 0:
        phrase = "Aucune organisation n'a de quoi calculer une part."
    exclue = f"N'en est pas : {sans_objet}, pour qui l'indicateur est sans objet." if sans_objet else ""
    return _ecrire(phrase, exclue)


def d_une_organisation(nom: str, chiffre: Chiffre) -> list[str]:
    """La part d'une seule organisation."""
    comptes = chiffre.comptes
    return _ecrire(f"{nom} : {sur(comptes.numerateur, comptes.denominateur)}, donc {chiffre.texte}.")


def part_globale(chiffre: Chiffre) -> list[str]:
    """Une somme sur une somme."""
    comptes = chiffre.comptes
    if comptes.part_globale is None:
        return []
    compte = sur(comptes.numerateur, comptes.denominateur)
    part = pourcentage(comptes.part_globale) if chiffre.regle.compte_des_organisations else chiffre.texte
    return _ecrire(_sujet(chiffre), f"Toutes ensemble : {compte}, donc {part}.")


def part_des_organisations(chiffre: Chiffre, juste_au_seuil: str) -> list[str]:
    """Combien dépassent le seuil; `juste_au_seuil` nomme une organisation qui l'égale sans le dépasser."""
    part = chiffre.comptes.part_organisations
    if part is None:
        return []
    texte = chiffre.texte if chiffre.regle.compte_des_organisations else pourcentage(part)
    seuil = cible_en_texte(chiffre.regle.seuil)
    egale = f"Exactement à {seuil}, donc non comptée : {juste_au_seuil}." if juste_au_seuil else ""
    return _ecrire(_sujet(chiffre), dont_depassent(chiffre), f"La part est donc de {texte}.", egale)


def couverture(chiffre: Chiffre) -> list[str]:
    """Qui a répondu, et ce que les silences pourraient changer."""
    part = chiffre.comptes.couverture
    dite = f"La couverture est de {pourcentage(part)}." if part is not None else ""
    return _ecrire(_sujet(chiffre), qui_a_repondu(chiffre.comptes), dite, bornes(chiffre))


def panel(serie: Serie) -> list[str]:
    """Qui est du panel, et sa part face à l'autre."""
    chiffre = serie.dernier
    part = chiffre.part_du_panel
    if part is None or chiffre.part is None:
        return _ecrire(qui_est_au_panel(serie))
    face = f"Sa part est de {chiffre.ecrire(part)}, et celle de toutes les réponses, de {chiffre.texte}."
    return _ecrire(_sujet(chiffre), qui_est_au_panel(serie), face)


def chemin(chiffre: Chiffre) -> list[str]:
    """Où le chemin passe à ce trimestre, et d'où il vient."""
    points, quand = chiffre.regle.points, rang(chiffre.trimestre)
    ici = chiffre.cible
    if ici is None:
        return _ecrire(f"Le chemin commence au {trimestre(code_du_rang(points[0][0]))}.") if points else []
    passe = f"Au {trimestre(chiffre.trimestre)}, le chemin passe à {cible_en_texte(ici)}."
    for (debut, depart), (fin, arrivee) in pairwise(points):
        if debut <= quand < fin:
            de = f"Le chemin part de {cible_en_texte(depart)} au {trimestre(code_du_rang(debut))}."
            a = f"Il mène à {cible_en_texte(arrivee)} au {trimestre(code_du_rang(fin))}."
            return _ecrire(_sujet(chiffre), de, a, f"{quand - debut} trimestres sur {fin - debut} sont passés.", passe)
    return _ecrire(_sujet(chiffre), passe)


def jugement(chiffre: Chiffre) -> list[str]:
    """La part, le chemin, le verdict."""
    dit = verdict(chiffre)
    part = f"La part est de {chiffre.texte}." if chiffre.part is not None else ""
    passe = f"Le chemin passe à {cible_en_texte(chiffre.cible)}." if chiffre.cible is not None else ""
    return _ecrire(_sujet(chiffre), part, passe, f"Verdict : {dit[0].lower()}{dit[1:]}.")


def projection(serie: Serie) -> list[str]:
    """Combien de pentes, et où mène celle du milieu."""
    dite = quand_la_cible(serie)
    if serie.projection is None:
        return _ecrire(_sujet(serie.dernier), dite) if dite else []
    depuis = rang(serie.dernier.trimestre) - TRIMESTRES_DU_PANEL
    connus = sum(rang(c.trimestre) > depuis for c in serie.comparables)
    pentes = f"{connus} trimestres connus donnent {connus * (connus - 1) // 2} pentes."
    return _ecrire(_sujet(serie.dernier), pentes, dite)


def affichage(chiffre: Chiffre) -> list[str]:
    """Ce qu'un arrondi donne, et ce qu'il refuse de dire."""
    exact = pour_cent_exact(chiffre.part).replace(".", ",")
    vraie = f"La part exacte, {exact} %, s'écrit {chiffre.texte}." if chiffre.part is not None else ""
    presque, infime = pourcentage(Fraction(9996, 10_000)), pourcentage(Fraction(4, 10_000))
    return _ecrire(vraie, f"De même, 99,96 % s'écrirait {presque}, et 0,04 % s'écrirait {infime}.")


def absences(chiffre: Chiffre, exemple: str) -> list[str]:
    """Combien d'absences de chaque sorte; `exemple` en dit une, avec son motif."""
    comptes = chiffre.comptes
    sortes = f"Sans objet : {nombre(comptes.sans_objet)}. Non disponible : {nombre(comptes.non_disponibles)}."
    return _ecrire(_sujet(chiffre), f"{sortes} Sans réponse : {nombre(comptes.silencieuses)}.", exemple)


def ruptures(regles: Iterable[Regle]) -> list[str]:
    """Les définitions qui rompent une série."""
    dites = [f"{regle.intitule}. {rupture(d)}" for regle in regles for d in regle.ruptures]
    return _ecrire(*dites) or _ecrire("Aucune définition ne rompt une série dans cette édition.")


def _sujet(chiffre: Chiffre) -> str:
    return f"Indicateur : {chiffre.regle.intitule}."
