"""Le cadre de toute page publique: titre, entrées, fil d'Ariane, ligne d'édition."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language

from barometre import depot, lignees, phrases
from barometre.models import Edition
from indicateurs import mots
from indicateurs.langue import _, gettext_noop, nu
from organisations.horloge import maintenant
from organisations.models.organisation import Categorie

SITE = gettext_noop("Baromètre numérique")
RESUME = gettext_noop(
    "Où en est la transformation numérique de l'administration publique du Québec : cibles, progrès, organisations."
)
CATEGORIES: dict[str, str] = {
    Categorie.MINISTERE: gettext_noop("Ministère"),
    Categorie.ORGANISME_CENTRAL: gettext_noop("Organisme central"),
    Categorie.ORGANISME_BUDGETAIRE: gettext_noop("Organisme budgétaire"),
    Categorie.ORGANISME_NON_BUDGETAIRE: gettext_noop("Organisme autre que budgétaire"),
    Categorie.TRIBUNAL: gettext_noop("Tribunal administratif"),
    Categorie.ENTREPRISE: gettext_noop("Entreprise du gouvernement"),
    Categorie.AUTRE: gettext_noop("Autre organisation"),
}


def categorie(code: str) -> str:
    """Le nom d'une catégorie, dans la langue de la page; d'une inconnue, son code."""
    return _(CATEGORIES.get(code, code))


def vers(edition: Edition | None, nom: str, *args: str) -> str:
    """L'adresse d'une page d'une édition: qui lit une ancienne édition y reste."""
    if edition and edition.est_ancree:
        return reverse(f"edition:{nom}", args=[edition.code, *args])
    return reverse(nom, args=args)


def publiees(edition: Edition | None) -> lignees.Fiches:
    """Les organisations qui ont une page dans cette édition, par sigle: les autres n'y sont que nommées."""
    return lignees.publiees(edition.organisations, edition.trimestre.fin.isoformat()) if edition else {}


def est_publiee(edition: Edition | None, sigle: str) -> bool:
    """Cette organisation a-t-elle une page dans cette édition?"""
    fiche = edition.organisations.get(sigle) if edition else None
    return bool(edition and fiche and fiche["assujettie_du"] <= edition.trimestre.fin.isoformat())


def trouver(edition: Edition | None, slug: str) -> lignees.Fiche | None:
    """La fiche de l'organisation de cette adresse; rien si elle n'a pas de page dans cette édition."""
    fiche = edition.fiche(slug) if edition else None
    return fiche if fiche and est_publiee(edition, fiche["sigle"]) else None


class Lien(NamedTuple):
    """Un texte et son adresse; sans adresse, c'est la page où l'on est."""

    texte: str
    adresse: str = ""


@dataclass(frozen=True)
class Page:
    """Le cadre d'une page: ce que son en-tête, son fil et son pied disent."""

    titre: str
    section: str = ""
    fil: Sequence[Lien] = ()
    edition: Edition | None = None
    ligne: str = ""
    en_bref: str = ""  # son chiffre, s'il y en a un

    @classmethod
    def de(cls, edition: Edition | None, titre: str, section: str, *fil: Lien) -> "Page":
        """La page d'une édition, l'accueil si elle n'a pas de titre; une requête pour dire qui a répondu."""
        chemin = (Lien(_("Accueil"), vers(edition, "accueil")), *fil, Lien(titre)) if titre else ()
        if edition is None:
            return cls(titre, section, chemin)
        parue = phrases.edition(edition.code, timezone.localdate(edition.arretee_le))
        reponses = phrases.reponses(edition.repondantes, len(edition.attendues))
        page = cls(titre, section, chemin, edition)
        annonce = "" if page.est_ancienne else phrases.prochaine(_prochaine())
        return replace(page, ligne=" ".join(filter(None, (parue, reponses, annonce))))

    @property
    def entrees(self) -> dict[str, Lien]:
        """Les entrées de l'en-tête, par section."""
        return {
            "indicateurs": Lien(_("Indicateurs"), vers(self.edition, "accueil") + "#indicateurs"),
            "organisations": Lien(_("Organisations"), vers(self.edition, "organisations")),
            "plans": Lien(_("Plans"), reverse("plans_publics")),
            "donnees": Lien(_("Données"), reverse("donnees")),
            "methodologie": Lien(_("Méthodologie"), self.methode),
        }

    @property
    def corrigee(self) -> Lien | None:
        """L'édition corrective qui a remplacé celle qu'on lit, par ce qu'elle y change."""
        if self.edition is None or self._suivante is None or not self._suivante.correctif:
            return None
        texte = _("Corrigée par l'édition %s") % self._suivante.code
        return Lien(texte, reverse("revisions", args=[self.edition.code, self._suivante.code]))

    @property
    def accueil(self) -> str:
        """L'accueil, celui de cette édition si l'adresse la nomme."""
        return vers(self.edition, "accueil")

    @property
    def methode(self) -> str:
        """La méthode, avec les exemples de cette édition."""
        return vers(self.edition, "methodologie")

    @property
    def est_ancienne(self) -> bool:
        """Lit-on une édition qu'une autre a suivie?"""
        return self._suivante is not None

    @property
    def _suivante(self) -> Edition | None:
        """Celle qui a suivi l'édition que nomme l'adresse; sans la nommer, on lit la plus récente."""
        return getattr(self.edition, "suivante", None) if self.edition and self.edition.est_ancree else None

    @property
    def est_fictive(self) -> bool:
        """Lit-on des chiffres inventés? Une page sans édition le dit de la plus récente."""
        montree = self.edition or depot.designee()
        return bool(montree and montree.fictive)

    @property
    def titre_complet(self) -> str:
        """Le titre de l'onglet, propre à chaque page."""
        return " - ".join(filter(None, (nu(self.titre), _(SITE))))

    @property
    def description(self) -> str:
        """Ce qu'un moteur de recherche ou un partage montre sous le titre."""
        resume = mots.typographier(_(RESUME))
        return f"{nu(self.titre)}. {self.en_bref or self.ligne or resume}" if self.titre else resume


def situer(requete: HttpRequest) -> dict[str, Any]:
    """Pour `base.html`: l'adresse à citer, la même page ailleurs (plus récente, autre langue), et à qui écrire."""
    suivie = requete.resolver_match
    ancre = f"editions/{suivie.kwargs['edition']}/" if suivie and "edition" in suivie.kwargs else ""
    actuelle = requete.path.replace(ancre, "", 1) if ancre else requete.path
    return {
        "origine": settings.ADRESSE_DU_SITE,
        "canonique": f"{settings.ADRESSE_DU_SITE}{requete.path}",
        "actuelle": actuelle,
        "ailleurs": _traduite(requete),
        "contact": settings.CONTACT,
        "code_source": settings.CODE_SOURCE,
    }


def _traduite(requete: HttpRequest) -> dict[str, str] | None:
    """La même page dans l'autre langue, et la même demande (`lien`); rien si elle n'y est pas."""
    for langue, nom in settings.LANGUAGES:
        if langue != get_language() and (adresse := translate_url(requete.path, langue)) != requete.path:
            lien = translate_url(requete.get_full_path(), langue)
            return {"langue": langue, "nom": nom, "adresse": adresse, "lien": lien}
    return None


def _prochaine() -> str:
    """Le jour annoncé de l'édition suivante, s'il n'est pas passé."""
    designee = depot.designee()
    return designee.annonce_au(timezone.localdate(maintenant())) if designee else ""


def demonstration(requete: HttpRequest) -> dict[str, bool]:
    """Pour les gabarits hors de l'édition (espace, compte): le monde chargé est-il celui de l'exemple?"""
    designee = depot.designee()
    return {"est_fictif": bool(designee and designee.fictive)}
