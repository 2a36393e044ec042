"""Les courbes qu'on emporte: leur planche, et leurs points en données ouvertes; d'un indicateur, ou de qui y répond."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from barometre import phrases
from barometre.chiffres import ENSEMBLE, Case, Perimetre, Regle, Serie, rang_du_jour
from barometre.formats import Colonne, en_csv
from barometre.graphiques import planche
from barometre.graphiques.dessin import Dessin
from barometre.graphiques.planche import Legende
from barometre.graphiques.releves import Releve, relever
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.pages.organisation.histoire import noms_d_avant
from barometre.pages.sorties import provenance
from barometre.parcours import parcourir
from indicateurs.affichage import pour_cent_exact
from indicateurs.arithmetique import code_du_rang
from indicateurs.langue import _
from indicateurs.mots import typographier

COURBE = [
    Colonne("trimestre", "Le trimestre, AAAA-Tn.", lambda r: r.trimestre),
    Colonne("part_observee", "La part observée, en pourcentage.", lambda r: pour_cent_exact(r.observe)),
    Colonne("panel_constant", "La part du panel constant, en pourcentage.", lambda r: pour_cent_exact(r.panel)),
    Colonne("cible", "Où passe le chemin de la cible, en pourcentage.", lambda r: pour_cent_exact(r.cible)),
    Colonne("borne_basse", "La part si les silencieuses étaient dessous.", lambda r: _borne(r, 0)),
    Colonne("borne_haute", "La part si les silencieuses étaient dessus.", lambda r: _borne(r, 1)),
    Colonne("attendues", "Celles qui devaient répondre.", lambda r: r.chiffre.comptes.attendues if r.chiffre else None),
    Colonne("repondantes", "Celles qui ont répondu.", lambda r: r.chiffre.comptes.repondantes if r.chiffre else None),
]


class Point(NamedTuple):
    """Un trimestre de la courbe d'une organisation."""

    sigle: str
    releve: Releve

    @property
    def trimestre(self) -> str:
        """Le code du trimestre."""
        return self.releve.trimestre

    @property
    def case(self) -> Case | None:
        """Sa réponse, ou son silence; rien si rien ne lui était demandé."""
        return self.releve.chiffre.case if self.releve.chiffre else None


def _de_la_case(nom: str, description: str) -> Colonne:
    return Colonne(nom, description, lambda point: getattr(point.case, nom) if point.case else None)


PROPRE = [
    Colonne("organisation", "Le sigle de l'organisation.", lambda point: point.sigle),
    _de_la_case("sigle", "Celui sous lequel elle devait répondre alors, comme dans valeurs.csv."),
    Colonne("trimestre", "Le trimestre, AAAA-Tn.", lambda point: point.trimestre),
    Colonne("part_observee", "Sa part, en pourcentage.", lambda point: pour_cent_exact(point.releve.observe)),
    _de_la_case("numerateur", "Le numérateur déclaré."),
    _de_la_case("denominateur", "Le dénominateur déclaré."),
    _de_la_case("etat", "Sa réponse, ou son silence; vide si rien ne lui était demandé."),
    _de_la_case("motif", "Pourquoi il n'y a pas de nombre."),
    Colonne("cible", "Où passe son chemin, en pourcentage.", lambda point: pour_cent_exact(point.releve.cible)),
]


@dataclass(frozen=True)
class Emportee:
    """Ce qu'on emporte: ce qu'elle dit, comment elle se trace, et ses points."""

    edition: Edition
    legende: Legende
    tracer: Callable[[Legende], Dessin]
    colonnes: Sequence[Colonne]
    lignes: Sequence[Any]

    def planche(self) -> Dessin:
        """Le dessin, avec sa phrase, ses notes et sa source."""
        return self.tracer(self.legende._replace(pied=[*self.legende.pied, *provenance(self.edition)]))

    def points(self) -> bytes:
        """Le CSV."""
        return en_csv(self.edition.code, list(self.colonnes), self.lignes)


def d_un_indicateur(edition: Edition, code: str) -> Emportee | None:
    """Celle de l'ensemble; rien s'il n'a aucune part. Une requête."""
    return _du_perimetre(edition, code, ENSEMBLE)


def de_portefeuille(edition: Edition, tete: Fiche, code: str) -> Emportee | None:
    """Celle d'un portefeuille; une requête."""
    portefeuille = _constante("portefeuille", "Le sigle de la tête du portefeuille.", tete["sigle"])
    return _du_perimetre(edition, code, Perimetre(tete["sigle"]), tete["nom"], [portefeuille])


def d_organisation(edition: Edition, fiche: Fiche, code: str) -> Emportee | None:
    """Celle d'une organisation, continuée sous ses noms d'avant; deux requêtes."""
    parcours = parcourir(edition, fiche["sigle"])
    serie = parcours.series.get(code)
    if serie is None or not serie.observes:
        return None
    notes = [*phrases.notes(serie), *noms_d_avant(edition, parcours, serie)]
    legende = Legende(_titrer(serie, fiche["nom"]), phrases.evolution(serie), notes)
    colonnes, lignes = [indicateur(code), *PROPRE, rupture(serie.regle)], pointer({fiche["sigle"]: serie})
    return Emportee(edition, legende, partial(planche.composer, serie), colonnes, lignes)


def pointer(series: Mapping[str, Serie]) -> list[Point]:
    """Les points de chacune, par sigle."""
    return [Point(sigle, releve) for sigle, serie in series.items() for releve in relever(serie)]


def indicateur(code: str) -> Colonne:
    """La colonne qui le nomme."""
    return _constante("indicateur", "Le code de l'indicateur.", code)


def rupture(regle: Regle) -> Colonne:
    """La colonne qui dit où une nouvelle définition rompt la série; ses lignes ont un `trimestre`."""
    jours = {code_du_rang(rang_du_jour(jour)): jour for d in regle.ruptures if (jour := d["applicable_du"])}
    description = "Au trimestre où une nouvelle définition rompt la série, son premier jour; vide ailleurs."
    return Colonne("rupture", description, lambda ligne: jours.get(ligne.trimestre, ""))


def _du_perimetre(
    edition: Edition, code: str, perimetre: Perimetre, nom: str = "", colonnes: Sequence[Colonne] = ()
) -> Emportee | None:
    serie = edition.series(perimetre).get((code, perimetre)) if code in edition.regles else None
    if serie is None or not serie.observes:
        return None
    legende = Legende(_titrer(serie, nom), phrases.evolution(serie), phrases.notes(serie))
    siennes = [indicateur(code), *colonnes, *COURBE, rupture(serie.regle)]
    return Emportee(edition, legende, partial(planche.composer, serie), siennes, relever(serie))


def _titrer(serie: Serie, nom: str) -> str:
    """Ce qui se mesure, et chez qui."""
    if not nom:
        return serie.regle.intitule
    return typographier(_("%(intitule)s : %(nom)s") % {"intitule": serie.regle.intitule, "nom": nom})


def _constante(nom: str, description: str, valeur: str) -> Colonne:
    return Colonne(nom, description, lambda __: valeur)


def _borne(releve: Releve, cote: int) -> str:
    return pour_cent_exact(releve.bornes[cote]) if releve.bornes else ""
