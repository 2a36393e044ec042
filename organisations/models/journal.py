"""Le journal des dossiers: des lignes qu'on ajoute, jamais qu'on change."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.models.statut import ACCEPTES, MODIFIABLES, TRANSITIONS, Statut
from organisations.requete import requete_courante


class Evenement(models.Model):
    """Une ligne du journal d'un dossier: de, vers, qui, quand, pourquoi. On l'ajoute, on ne la change jamais.

    Un changement de contenu ne change pas de statut: `changements` dit alors, par nom, l'avant et l'après. Les rejouer
    dans l'ordre redonne le contenu. La classe concrète a un champ `dossier` avec `related_name="journal"`.
    """

    de = models.CharField("de", max_length=12, choices=Statut.choices)
    vers = models.CharField("vers", max_length=12, choices=Statut.choices)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    le = models.DateTimeField("le")
    motif = models.TextField("motif", blank=True)
    changements = models.JSONField("changements", null=True, blank=True)
    empreinte = models.CharField("empreinte de ce qui fut transmis", max_length=64, blank=True, db_default="")
    requete = models.CharField("demande", max_length=36, blank=True, default=requete_courante, db_default="")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Q(
                        *[Q(de=de, vers=vers) for de, suites in TRANSITIONS.items() for vers in sorted(suites)],
                        _connector=Q.OR,
                    ),
                    changements__isnull=True,
                )
                | Q(de__in=MODIFIABLES, vers=F("de"), changements__isnull=False),
                name="%(class)s_transition_permise",
                violation_error_message="Cette transition n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(vers=Statut.A_CORRIGER) | Q(de=Statut.A_CORRIGER) | ~Q(motif=""),
                name="%(class)s_renvoi_motive",
                violation_error_message="Un renvoi demande un motif.",
            ),
            models.UniqueConstraint(
                fields=["dossier", "vers"],
                condition=Q(vers__in=ACCEPTES),
                name="%(class)s_accepte_une_fois",
                violation_error_message="Une version n'est validée, puis remplacée, qu'une fois.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_de_display()} → {self.get_vers_display()}, {self.le:%Y-%m-%d %H:%M}"
