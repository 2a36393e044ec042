"""Une publication: une coupe dans un registre où l'on ne fait qu'ajouter."""

import datetime
from collections.abc import Generator
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from barometre import depot, formats
from barometre.chiffres import ENSEMBLE, Case, Perimetre, Regle, Serie, series
from barometre.composition import cases, cataloguer, chiffrer, est_attendue, est_suivi, repondantes, reponses
from barometre.lignees import Fiche
from barometre.models.calendrier import Parution
from barometre.models.projet import Etape, Projet, PublicationRefusee, numero_du_correctif
from barometre.registre import prendre_le_registre
from indicateurs.models import Soumission, Trimestre


class EditionQuerySet(models.QuerySet["Edition"]):
    """Les choix d'éditions."""

    def derniere(self) -> "Edition | None":
        """La plus récente, ou rien tant que rien n'est publié."""
        return self.select_related("trimestre").order_by("-rang").first()


class Edition(models.Model):
    """Une édition: son trimestre, l'instant où elle fut arrêtée, ce qu'étaient alors les noms, règles et cibles.

    `catalogue` garde organisations, indicateurs et trimestres tels qu'ils étaient: les pages d'une édition ne lisent
    que lui, ses agrégats et la porte `Valeur.objects.publiques`. `empreinte` enchaîne les éditions.
    """

    code = models.CharField("code", max_length=12, unique=True)
    rang = models.PositiveIntegerField("rang", unique=True)
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="+", verbose_name="dernier trimestre")
    correctif = models.PositiveSmallIntegerField("numéro du correctif", default=0)
    arretee_le = models.DateTimeField("arrêtée le")
    publiee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField("note", blank=True)
    hors_calendrier = models.TextField("pourquoi hors du calendrier", blank=True, db_default="")
    fictive = models.BooleanField("chiffres fictifs", default=False)
    catalogue = models.JSONField("catalogue")
    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    precedente = models.OneToOneField("self", models.PROTECT, related_name="suivante", null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    est_ancree = False  # l'adresse la nomme: la page et ses liens restent dans cette édition

    class Meta:
        verbose_name = "édition"
        verbose_name_plural = "éditions"
        permissions = [("publier_edition", "Peut publier une édition")]
        constraints = [
            models.UniqueConstraint(fields=["trimestre", "correctif"], name="edition_correctif_unique"),
            models.CheckConstraint(
                condition=Q(rang=1, precedente__isnull=True) | Q(rang__gt=1, precedente__isnull=False),
                name="edition_chainee",
            ),
            models.CheckConstraint(
                condition=Q(correctif=0) | ~Q(note=""),
                name="edition_correctif_explique",
                violation_error_message="Une édition corrective dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Édition {self.code}"

    @cached_property
    def regles(self) -> dict[str, Regle]:
        """Les indicateurs tels qu'ils étaient, par code et dans l'ordre d'affichage."""
        return {fiche["code"]: Regle.depuis(fiche) for fiche in self.catalogue["indicateurs"]}

    @cached_property
    def organisations(self) -> dict[str, dict[str, Any]]:
        """Les organisations telles qu'elles étaient, par sigle."""
        return {fiche["sigle"]: fiche for fiche in self.catalogue["organisations"]}

    def fiche(self, slug: str) -> Fiche | None:
        """L'organisation de cette adresse, telle qu'elle était; rien si l'édition n'en nomme pas."""
        return next((fiche for fiche in self.organisations.values() if fiche["slug"] == slug), None)

    @cached_property
    def attendues(self) -> set[str]:
        """Les sigles des organisations qui devaient déclarer au dernier trimestre."""
        fin = self.trimestre.fin.isoformat()
        return {sigle for sigle, fiche in self.organisations.items() if est_attendue(fiche, fin)}

    @cached_property
    def suivis(self) -> list[str]:
        """Les codes des indicateurs qui se déclaraient au dernier trimestre, dans l'ordre d'affichage."""
        return [f["code"] for f in self.catalogue["indicateurs"] if est_suivi(f, self.trimestre.fin.isoformat())]

    @property
    def repondantes(self) -> int | None:
        """Combien d'attendues ont répondu à un indicateur au moins du dernier trimestre; rien s'il n'est pas figé."""
        return self.catalogue.get("repondantes")

    def series(self, *perimetres: Perimetre) -> dict[tuple[str, Perimetre], Serie]:
        """Les séries de ces périmètres, de l'ensemble si l'on n'en dit aucun, par code et périmètre; une requête."""
        return series(self.agregats.des_perimetres(*perimetres or [ENSEMBLE]).chiffres(self.regles))

    def series_d_un(self, indicateur: str) -> dict[Perimetre, Serie]:
        """Les séries d'un indicateur pour tous ses périmètres; une requête."""
        toutes = series(self.agregats.filter(indicateur__code=indicateur).chiffres(self.regles))
        return {perimetre: serie for (_, perimetre), serie in toutes.items()}

    def cases_du(self, trimestre: str, *sigles: str) -> list[Case]:
        """Ce que ces organisations attendues, ou toutes, ont répondu à un trimestre; deux requêtes."""
        return self._cases(trimestres=[trimestre], sigles=sigles)

    def cases_d_un(self, indicateur: str, *trimestres: str) -> list[Case]:
        """Ce que chacune a répondu à un indicateur, à ces trimestres; deux requêtes."""
        return self._cases(trimestres=trimestres, indicateurs=[indicateur])

    def _cases(self, **limites: Any) -> list[Case]:
        """Des cases sans version ni date."""
        return list(cases(self, **limites, declarees=reponses(self, **limites)))

    @property
    def entete(self) -> dict[str, Any]:
        """Ce que le dossier dit de l'édition elle-même."""
        return {
            "code": self.code,
            "trimestre": self.trimestre.code,
            "arretee_le": timezone.localtime(self.arretee_le, datetime.UTC).isoformat(),
            "note": self.note,
            "fictive": self.fictive,
            "attendues": len(self.attendues),
            "repondantes": self.repondantes,
            "precedente": {"code": self.precedente.code, "empreinte": self.precedente.empreinte}
            if self.precedente
            else None,
            **({"hors_calendrier": self.hors_calendrier} if self.hors_calendrier else {}),
        }

    @classmethod
    def simuler(cls, **faits: Any) -> Projet:
        """Ce que l'édition dirait, sans rien écrire; lève `PublicationRefusee`. Mêmes faits que `preparer`."""
        edition = cls.preparer(**faits)
        toutes = edition._recenser()
        return Projet(edition, toutes, chiffrer(edition.catalogue, toutes))

    @classmethod
    def publier(cls, **faits: Any) -> "Edition":
        """Publie l'édition d'un trimestre: base, dossier et empreinte, tout ou rien; lève `PublicationRefusee`.

        Une deuxième édition du même trimestre est corrective (`2023-T1-r1`) et demande une note. Mêmes faits que
        `publier_par_etapes`.
        """
        *_, (_, edition) = cls.publier_par_etapes(**faits)
        assert edition  # noqa: S101 - la dernière étape la porte
        return edition

    @classmethod
    def publier_par_etapes(cls, *, par, jeton: str = "", **faits: Any) -> Generator[Etape]:
        """Publie en disant chaque étape quand elle commence; abandonné en chemin, rien n'est publié.

        `jeton` est celui du projet que la personne a vu: lève `PublicationChangee` si l'édition dirait autre chose.
        """
        deposee = ""
        try:
            with transaction.atomic():
                prendre_le_registre()
                cls.exiger_inedite(jeton)
                edition = cls.preparer(**faits)
                edition.exiger_publiable(par)
                deposee = edition.code
                transaction.on_commit(cls.redesigner, robust=True)  # avant ce que d'autres feront d'elle
                yield from edition._paraitre(par, jeton)
        except BaseException as panne:
            cls._retirer_si_absente(deposee)
            if isinstance(panne, OSError):
                raise PublicationRefusee(f"Le dossier des éditions ne s'écrit pas : {panne.strerror}.") from panne
            raise
        yield Etape(f"L'édition {edition.code} est publiée.", edition)

    def _paraitre(self, par, jeton: str) -> Generator[Etape]:
        """Lit, calcule, écrit et relit; sous le verrou du registre."""
        yield Etape("Lecture du registre")
        toutes = self._recenser()
        yield Etape("Calcul des chiffres")
        projet = Projet(self, toutes, chiffrer(self.catalogue, toutes))
        projet.exiger(jeton)
        fichiers = projet.fichiers()
        yield Etape("Écriture de l'édition et de ses fichiers")
        self.publiee_par = par
        self.empreinte = self.empreinte_attendue(fichiers[formats.SOMMES])
        self.save(force_insert=True)
        self.agregats.ecrire(self, projet.chiffres)
        depot.deposer(self.code, fichiers)
        yield Etape("Vérification des fichiers écrits")
        for nom, octets in fichiers.items():
            if depot.lire(self.code, nom) != octets:
                raise PublicationRefusee(f"Le fichier {nom} ne se relit pas tel qu'il fut écrit : rien n'est publié.")

    def _recenser(self) -> list[Case]:
        """Fige son catalogue, et rend toutes ses cases."""
        self.catalogue = cataloguer(self)
        toutes = list(cases(self))
        self.catalogue["repondantes"] = len(repondantes(toutes, self.trimestre.code))
        return toutes

    @classmethod
    def redesigner(cls) -> None:
        """Désigne aux pages l'édition la plus récente, et le jour annoncé de la prochaine; une à la fois."""
        with transaction.atomic():
            prendre_le_registre()
            if derniere := cls.objects.derniere():
                derniere.designer()

    def designer(self) -> None:
        """Fait d'elle l'édition la plus récente aux yeux des pages."""
        annonce = Parution.objects.prochaine(self.trimestre.code)
        prochaine = annonce.isoformat() if annonce else ""
        depot.designer(self.code, self.empreinte, fictive=self.fictive, prochaine=prochaine)

    @classmethod
    def exiger_inedite(cls, jeton: str) -> None:
        """Lève `PublicationRefusee` si ce que montrait la page de ce jeton est déjà publié: un clic de trop."""
        code = jeton.partition(".")[0]
        if code and cls.objects.filter(code=code).exists():
            raise PublicationRefusee(f"L'édition {code} est déjà publiée : rien n'a été refait.")

    def exiger_publiable(self, par) -> None:
        """Lève `PublicationRefusee` si cette personne ne peut pas la publier, ou si le public n'en est pas averti."""
        if not (par.est_technique or par.has_perm("barometre.publier_edition")):
            raise PublicationRefusee("Publier est réservé aux personnes qui en ont le droit.")
        if not par.est_technique and self._entrantes().filter(valide_par=par).exists():
            raise PublicationRefusee(
                "Vous avez accepté des réponses qui entrent dans cette édition : une autre personne doit publier."
            )
        if not (self.correctif or self.hors_calendrier or self.est_annoncee):
            raise PublicationRefusee(
                "Ce jour n'a pas été annoncé quatre semaines d'avance : dites pourquoi l'édition paraît aujourd'hui."
            )

    @property
    def est_annoncee(self) -> bool:
        """Paraît-elle le jour que le calendrier donnait, quatre semaines d'avance? Une requête."""
        return Parution.objects.annoncaient(self.trimestre, self.arretee_le)

    def _entrantes(self) -> models.QuerySet[Soumission]:
        """Les soumissions que cette édition est la première à publier."""
        publiees = Soumission.objects.publics_au(self.arretee_le).filter(trimestre__code__lte=self.trimestre.code)
        if self.precedente is None:
            return publiees
        neuves = Q(valide_le__gt=self.precedente.arretee_le) | Q(trimestre__code__gt=self.precedente.trimestre.code)
        return publiees.filter(neuves)

    @classmethod
    def _retirer_si_absente(cls, code: str) -> None:
        """Efface le dossier d'une édition que la base n'a pas retenue, sauf si une autre publication l'écrit."""
        if code:
            with transaction.atomic():
                prendre_le_registre()
                if not cls.objects.filter(code=code).exists():
                    depot.retirer(code)

    def empreinte_attendue(self, sommes: bytes) -> str:
        """L'empreinte que ces sommes donnent, à la suite de l'édition précédente."""
        return formats.empreinte(sommes, self.precedente.empreinte if self.precedente else "")

    @classmethod
    def preparer(
        cls,
        *,
        trimestre: Trimestre,
        le: datetime.datetime,
        note: str = "",
        hors_calendrier: str = "",
        fictive: bool = False,
    ) -> "Edition":
        """L'édition à venir, non enregistrée; lève `PublicationRefusee` si ce n'en est pas le moment.

        `hors_calendrier` dit pourquoi elle paraît un jour qui n'était pas annoncé; ailleurs, il ne sert pas.
        """
        derniere = cls.objects.derniere()
        correctif = numero_du_correctif(trimestre, le, note, derniere)
        edition = cls(
            code=f"{trimestre.code}-r{correctif}" if correctif else trimestre.code,
            rang=derniere.rang + 1 if derniere else 1,
            trimestre=trimestre,
            correctif=correctif,
            arretee_le=le,
            note=note,
            hors_calendrier="",
            fictive=fictive or bool(derniere and derniere.fictive),
            precedente=derniere,
        )
        if not correctif and not edition.est_annoncee:
            edition.hors_calendrier = hors_calendrier.strip()
        return edition
