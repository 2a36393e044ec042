"""Une personne, connue par son adresse de courriel."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

DOMAINE_TECHNIQUE = "technique.invalid"
SANS_HISTOIRE = ("password", "last_login")


class Utilisateurs(BaseUserManager["Utilisateur"]):
    """Crée des personnes et des comptes techniques."""

    def create_user(self, email: str, password: str | None = None, **champs) -> "Utilisateur":
        """Une personne; sans mot de passe, elle ne peut pas encore entrer."""
        if not email:
            raise ValueError("Une adresse de courriel est nécessaire.")
        personne = self.model(email=self.normalize_email(email), **champs)
        personne.set_password(password)
        personne.save(using=self._db)
        return personne

    def create_superuser(self, email: str, password: str | None = None, **champs) -> "Utilisateur":
        """Une personne qui peut tout (commande `createsuperuser`)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)

    def technique(self, nom: str) -> "Utilisateur":
        """Le compte technique `nom`, créé au besoin: il signe au journal et ne peut jamais entrer."""
        email = f"{nom}@{DOMAINE_TECHNIQUE}"
        compte = self.filter(email=email).first()
        return compte or self.create_user(email, nom=nom, is_active=False)


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """Une personne; ses droits de déclarer sont ses habilitations, ceux du CQEN sont ses permissions."""

    email = models.EmailField("adresse de courriel", unique=True)
    nom = models.CharField("nom", max_length=150, blank=True)
    is_active = models.BooleanField("peut entrer", default=True)
    is_staff = models.BooleanField("équipe du CQEN", default=False)
    inscrit_le = models.DateTimeField("inscription", auto_now_add=True)

    objects = Utilisateurs()
    history = HistoricalRecords(excluded_fields=SANS_HISTOIRE, m2m_fields=["groups"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="utilisateur_email_unique", violation_error_message="Cette adresse est déjà prise."
            )
        ]

    def __str__(self) -> str:
        return self.nom or self.email

    def save(self, *args, **kwargs) -> None:
        """Une connexion ou un mot de passe neuf n'est pas de l'histoire: rien de ce qu'elle garde ne change."""
        champs = kwargs.get("update_fields")
        if champs is None or not set(champs) <= set(SANS_HISTOIRE):
            return super().save(*args, **kwargs)
        self.skip_history_when_saving = True  # sa seule présence fait taire l'histoire: elle s'ôte ensuite
        try:
            return super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    @property
    def est_technique(self) -> bool:
        """Un compte qui signe les gestes d'une commande, et ne peut pas entrer."""
        return not self.is_active and self.email.endswith(f"@{DOMAINE_TECHNIQUE}")
