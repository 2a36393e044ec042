"""Les comptes publiés, écrits une fois par `Edition.publier`."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import models
from django.db.models import Q

from barometre.chiffres import Chiffre, Perimetre, Regle
from barometre.models.edition import Edition
from indicateurs.arithmetique import Comptes
from indicateurs.models import Indicateur, Trimestre
from organisations.models import Organisation

COMPTES = (
    "attendues",
    "repondantes",
    "calculables",
    "numerateur",
    "denominateur",
    "au_dessus",
    "sans_objet",
    "non_disponibles",
)
PANEL = {
    "panel_organisations": "attendues",
    "panel_numerateur": "numerateur",
    "panel_denominateur": "denominateur",
    "panel_au_dessus": "au_dessus",
}


class AgregatQuerySet(models.QuerySet["Agregat"]):
    """Écrit les agrégats d'une édition, et les relit en chiffres."""

    def ecrire(self, edition: Edition, chiffres: Iterable[Chiffre]) -> None:
        """Enregistre les comptes de ces chiffres."""
        indicateurs = dict(Indicateur.objects.values_list("code", "pk"))
        trimestres = dict(Trimestre.objects.values_list("code", "pk"))
        organisations = dict(Organisation.objects.values_list("sigle", "pk"))
        self.bulk_create(
            self.model(
                edition=edition,
                indicateur_id=indicateurs[chiffre.regle.code],
                trimestre_id=trimestres[chiffre.trimestre],
                portefeuille_id=organisations.get(chiffre.perimetre.portefeuille),
                categorie=chiffre.perimetre.categorie,
                **comptes_en_colonnes(chiffre),
            )
            for chiffre in chiffres
        )

    def chiffres(self, regles: Mapping[str, Regle]) -> Iterator[Chiffre]:
        """Les chiffres de ces agrégats, dans l'ordre des trimestres, en une requête."""
        lignes = self.order_by("trimestre__code").values_list(
            "indicateur__code", "trimestre__code", "portefeuille__sigle", "categorie", *COMPTES, *PANEL
        )
        for code, trimestre, portefeuille, categorie, *comptes in lignes:
            perimetre, panel = Perimetre(portefeuille or "", categorie), _panel(*comptes[len(COMPTES) :])
            yield Chiffre(regles[code], trimestre, perimetre, Comptes(*comptes[: len(COMPTES)]), panel)

    def des_perimetres(self, *perimetres: Perimetre) -> "AgregatQuerySet":
        """Ceux de ces périmètres."""
        voulus = Q(pk__in=[])
        for portefeuille, categorie in perimetres:
            voulus |= Q(portefeuille__sigle=portefeuille or None, categorie=categorie)
        return self.filter(voulus)


def comptes_en_colonnes(chiffre: Chiffre) -> dict[str, int | None]:
    """Les comptes d'un chiffre et ceux de son panel, par nom de colonne."""
    comptes = {nom: getattr(chiffre.comptes, nom) for nom in COMPTES}
    panel = {nom: getattr(chiffre.panel, source) if chiffre.panel else None for nom, source in PANEL.items()}
    return comptes | panel


def _panel(effectif: int | None, numerateur: int, denominateur: int, au_dessus: int) -> Comptes | None:
    """Le panel relu de ses colonnes; toutes ses organisations sont calculables, ou il n'a que son effectif."""
    if effectif is None:
        return None
    if not denominateur:
        return Comptes(attendues=effectif)
    return Comptes(effectif, effectif, effectif, numerateur, denominateur, au_dessus)


class Agregat(models.Model):
    """Les comptes d'un indicateur à un trimestre, pour un portefeuille, une catégorie ou, sans eux, pour l'ensemble.

    Les colonnes du panel sont vides hors des huit derniers trimestres; `panel_organisations` seul est là quand le
    panel a moins de deux organisations.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="agregats")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="+")
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="+")
    portefeuille = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, blank=True)
    categorie = models.CharField(max_length=30, blank=True, default="", db_default="")
    attendues = models.PositiveIntegerField()
    repondantes = models.PositiveIntegerField()
    calculables = models.PositiveIntegerField()
    numerateur = models.BigIntegerField()
    denominateur = models.BigIntegerField()
    au_dessus = models.PositiveIntegerField()
    sans_objet = models.PositiveIntegerField()
    non_disponibles = models.PositiveIntegerField()
    panel_organisations = models.PositiveIntegerField(null=True)
    panel_numerateur = models.BigIntegerField(null=True)
    panel_denominateur = models.BigIntegerField(null=True)
    panel_au_dessus = models.PositiveIntegerField(null=True)

    objects = AgregatQuerySet.as_manager()

    class Meta:
        verbose_name = "agrégat"
        verbose_name_plural = "agrégats"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "indicateur", "trimestre", "portefeuille"], name="agregat_unique"
            ),
            models.UniqueConstraint(
                fields=["edition", "indicateur", "trimestre", "categorie"],
                condition=Q(portefeuille__isnull=True),
                name="agregat_ensemble_unique",
            ),
            models.CheckConstraint(
                condition=Q(portefeuille__isnull=True) | Q(categorie=""), name="agregat_d_un_seul_perimetre"
            ),
            models.CheckConstraint(
                condition=Q(
                    attendues__gte=models.F("repondantes"),
                    repondantes__gte=models.F("calculables"),
                    calculables__gte=models.F("au_dessus"),
                    denominateur__gte=models.F("numerateur"),
                    numerateur__gte=0,
                ),
                name="agregat_comptes_en_ordre",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition.code}, {self.indicateur.code}, {self.trimestre.code}"
