"""Ce que l'adresse demande de comparer: des organisations, un indicateur; ce qui n'est pas compris est dit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from barometre import lignees
from barometre.models import Edition
from barometre.pages.cadre import Lien, publiees, vers
from barometre.pages.filtres import ignorer
from barometre.pages.liste.pistes import NOMMEES, Piste, contenant, pister
from barometre.phrases.organisations import remplacee
from indicateurs.langue import _
from indicateurs.mots import abreger, typographier

CHAMPS = ("o", "indicateur", "ajouter")  # ce que l'adresse peut demander
MAXIMUM = 5
LUES = 20  # au-delà, une adresse n'est plus de bonne foi
LONGUEUR = 100


@dataclass
class Choisies:
    """Les organisations et l'indicateur compris; `avis` dit le reste, `piste` ce qui fut cherché sans être trouvé."""

    edition: Edition
    indicateur: str
    sigles: list[str] = field(default_factory=list)
    avis: list[str] = field(default_factory=list)
    piste: Piste | None = None

    @classmethod
    def lire(cls, champs: QueryDict, edition: Edition) -> "Choisies":
        """La demande comprise, sans jamais échouer."""
        voulu = champs.get("indicateur", "")
        connu = voulu in edition.regles
        choisies = cls(edition, voulu if connu else next(iter(edition.regles), ""))
        if voulu and not connu:
            choisies.avis.append(ignorer(_("L'indicateur"), voulu, _("dans cette édition")))
        demandees = champs.getlist("o")
        for valeur in demandees[:LUES]:
            choisies.retenir(_propre(valeur))
        if len(demandees) > LUES:
            trop = _("L'adresse nomme plus de %d organisations; les dernières ne sont pas lues.")
            choisies.avis.append(trop % LUES)
        choisies.chercher(_propre(champs.get("ajouter", "")))
        return choisies

    def retenir(self, valeur: str) -> None:
        """Ajoute l'organisation de cette adresse ou de ce sigle, ou dit pourquoi non."""
        if not valeur:
            return
        if not (sigle := self._trouver(valeur)):
            self.avis.append(ignorer(_("L'organisation"), valeur, _("dans cette édition"), "e"))
            return
        fiches = publiees(self.edition)
        if sigle not in fiches:
            self.avis.append(typographier(_("Ne déclare pas encore dans cette édition : %s.") % self.nom(sigle)))
            return
        suite = lignees.suivre(fiches, sigle, self.edition.attendues)
        if suite != sigle:
            self.avis.append(remplacee(self.nom(sigle), self.nom(suite)))
        if suite in self.sigles:
            self.avis.append(typographier(_("Déjà choisie : %s.") % self.nom(suite)))
        elif len(self.sigles) >= MAXIMUM:
            self.avis.append(typographier(_("Cinq organisations au plus. Non montrée : %s.") % self.nom(suite)))
        else:
            self.sigles.append(suite)

    def chercher(self, q: str) -> None:
        """Ajoute la seule organisation que ces mots désignent, ou propose les autres."""
        if not q:
            return
        trouvees = [q] if self._trouver(q) else contenant(self.edition, q)
        if len(trouvees) == 1:
            self.retenir(trouvees[0])
        elif trouvees:
            dites = [_("Plusieurs noms contiennent « %s ».") % abreger(q, 40)]
            dites += [_("Précisez le nom pour réduire la liste.")] if len(trouvees) > NOMMEES else []
            dites.append(_("Laquelle ajouter?"))
            self.piste = Piste(typographier(" ".join(dites)), self.ajouts(trouvees[:NOMMEES]))
        else:
            piste = pister(self.edition, q)
            self.piste = piste and Piste(piste.phrase, self.ajouts(piste.sigles))
            if piste is None:
                self.avis.append(typographier(_("Aucun nom ne contient « %s ».") % abreger(q, 40)))

    def _trouver(self, valeur: str) -> str:
        """Le sigle de cette adresse, ou ce sigle écrit d'une autre façon; vide s'il n'existe pas."""
        voulue = valeur.casefold()
        if fiche := self.edition.fiche(voulue):
            return fiche["sigle"]
        return next((sigle for sigle in self.edition.organisations if sigle.casefold() == voulue), "")

    def nom(self, sigle: str) -> str:
        """« Régie de l'assurance maladie du Québec (RAMQ) »."""
        return f"{self.edition.organisations[sigle]['nom']} ({sigle})"

    def adresse(self, sigles: Iterable[str], indicateur: str = "") -> str:
        """L'adresse de la même page, pour ces organisations."""
        slugs = [self.edition.organisations[sigle]["slug"] for sigle in sigles]
        champs: list[tuple[str, Any]] = [("o", slug) for slug in slugs]
        champs.append(("indicateur", indicateur or self.indicateur))
        return f"{vers(self.edition, 'comparer')}?{urlencode(champs)}"

    def ajouts(self, sigles: Sequence[str]) -> list[Lien]:
        """Un lien qui ajoute chacune de celles qui ne sont pas déjà choisies."""
        neuves = [sigle for sigle in sigles if sigle not in self.sigles]
        return [Lien(self.nom(sigle), self.adresse([*self.sigles, sigle])) for sigle in neuves]

    def retraits(self) -> Iterator[tuple[Lien, Lien]]:
        """Chaque organisation choisie: sa page, et la comparaison sans elle."""
        for sigle in self.sigles:
            page = vers(self.edition, "organisation", self.edition.organisations[sigle]["slug"])
            reste = [autre for autre in self.sigles if autre != sigle]
            yield Lien(self.nom(sigle), page), Lien(_("Retirer %s") % sigle, self.adresse(reste))


def _propre(valeur: str) -> str:
    return " ".join(valeur.replace("\0", "").split())[:LONGUEUR]
