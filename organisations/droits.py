"""Ce qu'une personne du CQEN peut donner à une autre: rien de plus que ce qu'elle tient."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q, QuerySet

from organisations.models import Utilisateur


def droits_de(personne: Utilisateur) -> set[int]:
    """Les permissions qu'elle tient, par clé, même si elle ne peut plus entrer."""
    tenues = Permission.objects.filter(Q(group__user=personne) | Q(user=personne))
    return set(tenues.values_list("pk", flat=True))


def depassent(personne: Utilisateur, qui) -> bool:
    """Est-ce soi-même, un superutilisateur, ou quelqu'un qui tient plus que soi? Rien n'est au-dessus d'un autre."""
    if personne.pk == qui.pk:
        return True
    if qui.is_superuser:
        return False
    return personne.is_superuser or not droits_de(personne) <= droits_de(qui)


def groupes_tenus(qui) -> QuerySet[Group]:
    """Les groupes dont on tient soi-même chaque permission; tous, pour un superutilisateur."""
    groupes = Group.objects.order_by("name")
    if qui.is_superuser:
        return groupes
    tenues = droits_de(qui)
    de_trop = Group.permissions.through.objects.filter(group=OuterRef("pk")).exclude(permission__in=tenues)
    return groupes.exclude(Exists(de_trop))
