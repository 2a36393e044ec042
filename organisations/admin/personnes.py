"""L'administration des personnes et de leurs droits: on ne donne que ce qu'on tient, et jamais à soi-même."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, ManyToManyField, OuterRef, QuerySet
from django.http import HttpRequest

from organisations import courriels
from organisations.admin.base import SansRaccourci, SansSuppression
from organisations.admin.histoire import AvecHistoire
from organisations.droits import depassent, groupes_tenus
from organisations.models import Utilisateur
from organisations.models.utilisateur import DOMAINE_TECHNIQUE

ENSUITE = "La personne reçoit un courriel qui dit comment choisir son mot de passe."


class FicheDePersonne(forms.ModelForm):
    """Une personne; les comptes techniques sont faits par les commandes."""

    def clean_email(self) -> str:
        """Jamais l'adresse d'un compte technique."""
        adresse = self.cleaned_data["email"]
        if adresse.lower().endswith(f"@{DOMAINE_TECHNIQUE}"):
            raise forms.ValidationError("Cette adresse est réservée aux comptes techniques.")
        return adresse


@admin.register(Utilisateur)
class UtilisateurAdmin(SansRaccourci, AvecHistoire, SansSuppression):
    """Créer une personne, la laisser entrer ou non, lui donner des droits qu'on tient soi-même.

    Personne ne saisit le mot de passe d'autrui. Une adresse donnée ne change plus que par le superutilisateur: qui la
    change entre à la place de la personne, par « mot de passe oublié ».
    """

    form = FicheDePersonne
    list_display = ("email", "nom", "is_staff", "is_active", "tient", "facteur")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "nom")
    ordering = ("email",)
    actions = ("retirer_le_facteur",)
    etat = ("is_active", "is_staff", "groups")
    pouvoirs = ("is_superuser", "user_permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Avec leurs groupes, et s'ils ont un deuxième facteur."""
        facteurs = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).prefetch_related("groups").annotate(a_un_facteur=Exists(facteurs))

    @admin.display(description="groupes")
    def tient(self, personne: Utilisateur) -> str:
        """Les groupes de la personne."""
        return ", ".join(sorted(groupe.name for groupe in personne.groups.all()))

    @admin.display(description="deuxième facteur", boolean=True)
    def facteur(self, personne: Any) -> bool:
        """A-t-elle une application ou une clé d'accès?"""
        return personne.a_un_facteur

    # --- qui peut toucher quoi ---

    def has_change_permission(self, request: HttpRequest, obj: Utilisateur | None = None) -> bool:
        """Ni soi-même, ni qui tient plus que soi, ni un compte technique."""
        intouchable = obj and (obj.email.endswith(f"@{DOMAINE_TECHNIQUE}") or depassent(obj, request.user))
        return super().has_change_permission(request, obj) and not intouchable

    def get_fieldsets(self, request: HttpRequest, obj: Utilisateur | None = None) -> Any:
        """La personne; ses droits; les pouvoirs, que seul le superutilisateur voit."""
        suite = [("Pouvoirs", {"fields": self.pouvoirs})] if request.user.is_superuser else []
        etat = self.etat if obj else self.etat[1:]
        return [("Personne", {"fields": ("email", "nom")}), ("Droits", {"fields": etat}), *suite]

    def get_readonly_fields(self, request: HttpRequest, obj: Utilisateur | None = None) -> Any:
        """L'adresse, une fois donnée."""
        return () if request.user.is_superuser or obj is None else ("email",)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        """Des cases à cocher; des groupes, ceux dont on tient soi-même tous les droits."""
        if db_field.name == "groups":
            kwargs |= {"queryset": groupes_tenus(request.user), "widget": forms.CheckboxSelectMultiple}
        else:
            kwargs["queryset"] = Permission.objects.select_related("content_type").order_by("content_type", "codename")
        champ = super().formfield_for_manytomany(db_field, request, **kwargs)
        if champ:
            champ.help_text = ""
        return champ

    # --- les gestes ---

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Utilisateur, form: Any, change: bool) -> None:
        """Une personne neuve n'a pas de mot de passe: un lien lui permet d'en choisir un."""
        if change:
            obj.save(update_fields=[nom for nom in form.changed_data if nom not in ("groups", "user_permissions")])
            return
        faits = {nom: valeur for nom, valeur in form.cleaned_data.items() if nom not in ("groups", "user_permissions")}
        obj.pk = Utilisateur.objects.create_user(**faits).pk
        obj.refresh_from_db()
        courriels.ouvrir_le_compte(obj)
        messages.info(request, ENSUITE)

    @admin.action(description="Retirer le deuxième facteur (perdu)", permissions=["change"])
    def retirer_le_facteur(self, request: HttpRequest, queryset: QuerySet[Utilisateur]) -> None:
        """La personne en activera un autre; elle en est avisée."""
        for personne in queryset:
            if not self.has_change_permission(request, personne):
                messages.error(request, f"Vous ne pouvez pas retirer le deuxième facteur de {personne}.")
            elif not personne.a_un_facteur:  # type: ignore[attr-defined]
                messages.info(request, f"{personne} n'a pas de deuxième facteur.")
            else:
                with transaction.atomic():
                    Authenticator.objects.filter(user=personne).delete()
                    self.log_change(request, personne, "Deuxième facteur retiré.")
                get_adapter().send_notification_mail("mfa/email/totp_deactivated", personne)
                messages.success(request, f"Le deuxième facteur de {personne} est retiré.")


admin.site.unregister(Group)


@admin.register(Group)
class GroupeAdmin(GroupAdmin):
    """Ce qu'un groupe permet: au superutilisateur seul, car qui l'écrit s'y donne ce qu'il veut."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Le superutilisateur."""
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Le superutilisateur."""
        return request.user.is_superuser

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Jamais: l'histoire des personnes le nomme. Un groupe se vide."""
        return False
