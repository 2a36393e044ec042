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
from indicateurs.arithmetique import code_du_rang, rang
from indicateurs.langue import _, est_anglais
from indicateurs.mots import trimestre, typographier


def _ecrire(*phrases: str) -> list[str]:
    return [typographier(phrase) for phrase in phrases if phrase]


def attendues(chiffre: Chiffre) -> list[str]:
    """Combien devaient répondre."""
    nombre_d_attendues = chiffre.comptes.attendues
    combien = accorder(nombre_d_attendues, _("organisation était attendue"), _("organisations étaient attendues"))
    phrase = _("Au %(trimestre)s, %(combien)s.") % {"trimestre": trimestre(chiffre.trimestre), "combien": combien}
    return _ecrire(_sujet(chiffre), phrase)


def repondantes(chiffre: Chiffre) -> list[str]:
    """Combien ont répondu, et comment."""
    comptes = chiffre.comptes
    dont = [accorder(comptes.calculables, _("chiffre"))]
    dont.append(accorder(comptes.sans_objet, _("sans objet"), _("sans objet")))
    dont.append(accorder(comptes.non_disponibles, _("non disponible"), _("non disponibles")))
    reponses = _("Leurs réponses : %s.") % ", ".join(dont) if comptes.repondantes else ""
    return _ecrire(_sujet(chiffre), qui_a_repondu(comptes), reponses)


def calculables(chiffre: Chiffre, sans_objet: str) -> list[str]:
    """Combien ont de quoi calculer; `sans_objet` nomme une organisation qui ne l'a pas."""
    combien = chiffre.comptes.calculables
    singulier, pluriel = (
        _("organisation a de quoi calculer une part."),
        _("organisations ont de quoi calculer une part."),
    )
    phrase = accorder(combien, singulier, pluriel)
    if combien == 0:
        phrase = _("Aucune organisation n'a de quoi calculer une part.")
    exclue = _("N'en est pas : %s, pour qui l'indicateur est sans objet.") % sans_objet if sans_objet else ""
    return _ecrire(_sujet(chiffre), phrase, exclue)


def d_une_organisation(nom: str, chiffre: Chiffre) -> list[str]:
    """La part d'une seule organisation."""
    comptes = chiffre.comptes
    compte = sur(comptes.numerateur, comptes.denominateur)
    dits = {"nom": nom, "compte": compte, "part": chiffre.texte}
    return _ecrire(_sujet(chiffre), _("%(nom)s : %(compte)s, donc %(part)s.") % dits)


def part_globale(chiffre: Chiffre) -> list[str]:
    """Une somme sur une somme."""
    comptes = chiffre.comptes
    if comptes.part_globale is None:
        return []
    compte = sur(comptes.numerateur, comptes.denominateur)
    part = pourcentage(comptes.part_globale) if chiffre.regle.compte_des_organisations else chiffre.texte
    toutes = _("Toutes ensemble : %(compte)s, donc %(part)s.") % {"compte": compte, "part": part}
    return _ecrire(_sujet(chiffre), toutes)


def part_des_organisations(chiffre: Chiffre, juste_au_seuil: str) -> list[str]:
    """Combien dépassent le seuil; `juste_au_seuil` nomme une organisation qui l'égale sans le dépasser."""
    part = chiffre.comptes.part_organisations
    if part is None:
        return []
    texte = chiffre.texte if chiffre.regle.compte_des_organisations else pourcentage(part)
    seuil = cible_en_texte(chiffre.regle.seuil)
    egale = _("Exactement à %(seuil)s, donc non comptée : %(nom)s.") % {"seuil": seuil, "nom": juste_au_seuil}
    dites = [_sujet(chiffre), dont_depassent(chiffre), _("La part est donc de %s.") % texte]
    return _ecrire(*dites, egale if juste_au_seuil else "")


def couverture(chiffre: Chiffre) -> list[str]:
    """Qui a répondu, et ce que les silences pourraient changer."""
    part = chiffre.comptes.couverture
    dite = _("La couverture est de %s.") % pourcentage(part) if part is not None else ""
    return _ecrire(_sujet(chiffre), qui_a_repondu(chiffre.comptes), dite, bornes(chiffre))


def panel(serie: Serie) -> list[str]:
    """Qui est du panel, et sa part face à l'autre."""
    chiffre = serie.dernier
    part = chiffre.part_du_panel
    if part is None or chiffre.part is None:
        return _ecrire(qui_est_au_panel(serie))
    parts = {"panel": chiffre.ecrire(part), "toutes": chiffre.texte}
    face = _("Sa part est de %(panel)s, et celle de toutes les réponses, de %(toutes)s.") % parts
    return _ecrire(_sujet(chiffre), qui_est_au_panel(serie), face)


def chemin(chiffre: Chiffre) -> list[str]:
    """Où le chemin passe à ce trimestre, et d'où il vient."""
    points, quand = chiffre.regle.points, rang(chiffre.trimestre)
    ici = chiffre.cible
    if ici is None:
        return _ecrire(_("Le chemin commence au %s.") % trimestre(code_du_rang(points[0][0]))) if points else []
    passe = _("Au %(trimestre)s, le chemin passe à %(part)s.") % (_point(quand, ici) | {"part": pourcentage(ici)})
    for (debut, depart), (fin, arrivee) in pairwise(points):
        if debut <= quand < fin:
            de = _("Le chemin part de %(part)s au %(trimestre)s.") % _point(debut, depart)
            a = _("Il mène à %(part)s au %(trimestre)s.") % _point(fin, arrivee)
            comptes = {"passes": quand - debut, "tous": fin - debut}
            passes = _("%(passes)d trimestres sur %(tous)d sont passés.") % comptes
            return _ecrire(_sujet(chiffre), de, a, passes, passe)
    return _ecrire(_sujet(chiffre), passe)


def _point(quand: int, part: Fraction) -> dict[str, str]:
    return {"trimestre": trimestre(code_du_rang(quand)), "part": cible_en_texte(part)}


def jugement(chiffre: Chiffre) -> list[str]:
    """La part, le chemin, le verdict."""
    dit = verdict(chiffre)
    part = _("La part est de %s.") % chiffre.texte if chiffre.part is not None else ""
    passe = _("Le chemin passe à %s.") % pourcentage(chiffre.cible) if chiffre.cible is not None else ""
    return _ecrire(_sujet(chiffre), part, passe, _("Verdict : %s.") % f"{dit[0].lower()}{dit[1:]}")


def projection(serie: Serie) -> list[str]:
    """Combien de pentes, et où mène celle du milieu."""
    dite = quand_la_cible(serie)
    if serie.projection is None:
        return _ecrire(_sujet(serie.dernier), dite) if dite else []
    connus = serie.prolonges
    comptes = {"connus": connus, "pentes": connus * (connus - 1) // 2}
    pentes = _("%(connus)d trimestres connus donnent %(pentes)d pentes.") % comptes
    return _ecrire(_sujet(serie.dernier), pentes, dite)


def affichage(chiffre: Chiffre) -> list[str]:
    """Ce qu'un arrondi donne, et ce qu'il refuse de dire."""
    exact = pour_cent_exact(chiffre.part).replace(".", "." if est_anglais() else ",")
    vraie = _("La part exacte, %(exacte)s %%, s'écrit %(ecrite)s.") % {"exacte": exact, "ecrite": chiffre.texte}
    limites = {"presque": pourcentage(Fraction(9996, 10_000)), "infime": pourcentage(Fraction(4, 10_000))}
    de_meme = _("De même, 99,96 %% s'écrirait %(presque)s, et 0,04 %% s'écrirait %(infime)s.") % limites
    return _ecrire(*((_sujet(chiffre), vraie) if chiffre.part is not None else ()), de_meme)


def absences(chiffre: Chiffre, exemple: str) -> list[str]:
    """Combien d'absences de chaque sorte; `exemple` en dit une, avec son motif."""
    comptes = chiffre.comptes
    sortes = (
        _("Sans objet : %s.") % nombre(comptes.sans_objet),
        _("Non disponible : %s.") % nombre(comptes.non_disponibles),
        _("Sans réponse : %s.") % nombre(comptes.silencieuses),
    )
    return _ecrire(_sujet(chiffre), *sortes, exemple)


def ruptures(regles: Iterable[Regle], jusqu_a: str) -> list[str]:
    """Les définitions qui rompent une série, jusqu'à ce trimestre."""
    dites = [
        f"{regle.intitule}. {rupture(definition)}"
        for regle in regles
        for definition, quand in zip(regle.ruptures, regle.coupures, strict=True)
        if quand <= rang(jusqu_a)
    ]
    return _ecrire(*dites) or _ecrire(_("Aucune définition ne rompt une série dans cette édition."))


def _sujet(chiffre: Chiffre) -> str:
    return _("Indicateur : %s.") % chiffre.regle.intitule
