"""Les images qu'un réseau social montre: un indicateur, une organisation, le site."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from barometre import graphiques, phrases
from barometre.chiffres import ENSEMBLE, Chiffre, Regle
from barometre.graphiques import vignette
from barometre.graphiques.dessin import Dessin
from barometre.graphiques.vignette import Rangee, Vignette
from barometre.models import Edition
from barometre.pages.cadre import SITE
from barometre.pages.cartes import rangees, visees
from barometre.parcours import parcourir
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import typographier

RANGEES = 3
QUESTION = gettext_noop("Où en est la transformation numérique de l'État?")


def d_un_indicateur(edition: Edition, regle: Regle) -> Dessin:
    """Le nom, la part, la cible, la barre et le verdict d'un indicateur."""
    trouvee = edition.series().get((regle.code, ENSEMBLE))
    if trouvee is None:
        vide = Rangee("", _("Aucun chiffre n'est encore connu."), phrases.cible(regle), "", "NON_JUGEABLE", None)
        return _composer(edition, regle.intitule, regle.intitule, vide)
    rangee = _rangee(trouvee.dernier, trouvee.dernier.texte)._replace(titre="")
    return _composer(edition, regle.intitule, phrases.image(trouvee.dernier), rangee)


def d_une_organisation(edition: Edition, fiche: Mapping[str, Any]) -> Dessin:
    """Les premiers chiffres d'une organisation, ou leur absence en mots, comme sur sa page."""
    arret, series = timezone.localdate(edition.arretee_le), parcourir(edition, fiche["sigle"]).series
    derniers = [series[code].dernier for code in edition.regles if code in series][:RANGEES]
    siennes = [_rangee(c, phrases.absence(c.case, arret) if c.part is None and c.case else c.texte) for c in derniers]
    return _composer(edition, fiche["nom"], fiche["nom"], *siennes)


def du_site(edition: Edition) -> Dessin:
    """Les cibles nationales."""
    series = visees(edition, rangees(edition))
    question = _(QUESTION)
    return _composer(edition, question, question, *(_rangee(s.dernier, s.dernier.texte) for s in series[:RANGEES]))


def _rangee(chiffre: Chiffre, part: str) -> Rangee:
    """Un chiffre, sa barre s'il y en a une."""
    regle = chiffre.regle
    barre = graphiques.mesurer(chiffre) if chiffre.part is not None else None
    verdict = phrases.verdict(chiffre) if regle.points else ""
    return Rangee(regle.intitule, part, phrases.cible(regle), verdict, chiffre.verdict, barre, phrases.unite(chiffre))


def _composer(edition: Edition, titre: str, description: str, *rangees: Rangee) -> Dessin:
    avis = typographier(_(phrases.FICTIF)) if edition.fictive else ""
    pied = phrases.edition(edition.code, timezone.localdate(edition.arretee_le))
    return vignette.composer(Vignette(_(SITE), titre, description, rangees, pied, avis))
