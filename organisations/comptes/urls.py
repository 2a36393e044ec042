"""Les adresses du compte. Les noms sont ceux d'allauth, qui s'en sert; ce qui n'est pas ici n'est pas exposé."""

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as application
from allauth.mfa.webauthn import views as cles
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.urls import path, re_path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from organisations.comptes import views

# Qui n'a pas de mot de passe en choisit un par le lien reçu, qui prouve son adresse.
premier = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path("", views.compte, name="compte"),
    path("connexion/", compte.login, name="account_login"),
    path("deconnexion/", require_POST(compte.logout), name="account_logout"),
    path("reauthentification/", compte.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", compte.password_change, name="account_change_password"),
    path("mot-de-passe/premier/", premier, name="account_set_password"),
    path("mot-de-passe/oublie/", compte.password_reset, name="account_reset_password"),
    path("mot-de-passe/envoye/", compte.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/lien/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/fini/", compte.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("deuxieme-facteur/", facteur.index, name="mfa_index"),
    path("deuxieme-facteur/code/", facteur.authenticate, name="mfa_authenticate"),
    path("deuxieme-facteur/de-nouveau/", facteur.reauthenticate, name="mfa_reauthenticate"),
    path("deuxieme-facteur/application/activer/", application.activate_totp, name="mfa_activate_totp"),
    path("deuxieme-facteur/application/desactiver/", application.deactivate_totp, name="mfa_deactivate_totp"),
    path("deuxieme-facteur/secours/", secours.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("deuxieme-facteur/secours/telecharger/", secours.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("deuxieme-facteur/secours/regenerer/", secours.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("deuxieme-facteur/cles/", cles.list_webauthn, name="mfa_list_webauthn"),
    path("deuxieme-facteur/cles/ajouter/", cles.add_webauthn, name="mfa_add_webauthn"),
    path("deuxieme-facteur/cles/<int:pk>/retirer/", cles.remove_webauthn, name="mfa_remove_webauthn"),
    path("deuxieme-facteur/cles/de-nouveau/", cles.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("connexion/cle/", cles.login_webauthn, name="mfa_login_webauthn"),
]
for _adresse in urlpatterns:
    _adresse.callback = views.avec_son_statut(_adresse.callback)
if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
    urlpatterns += [
        path("oidc/<slug:provider_id>/", require_POST(oidc.login), name="openid_connect_login"),
        path("oidc/<slug:provider_id>/retour/", oidc.callback, name="openid_connect_callback"),
    ]
