"""Les adresses de l'espace des organisations qui ne touchent pas aux trimestres."""

from django.urls import path

from organisations import views
from organisations.equipe import views as equipe

urlpatterns = [
    path("<slug:slug>/equipe/", equipe.equipe, name="equipe"),
    path("<slug:slug>/equipe/invitations/<int:cle>/retirer/", equipe.retirer, name="invitation_retirer"),
    path("<slug:slug>/equipe/habilitations/<int:cle>/revoquer/", equipe.revoquer, name="habilitation_revoquer"),
    path("<slug:slug>/equipe/habilitations/<int:cle>/changer/", equipe.changer_de_role, name="habilitation_changer"),
    path("<slug:slug>/plan/", views.plan, name="plan"),
    path("<slug:slug>/plan/corriger/", views.corriger_le_plan, name="plan_corriger"),
    path("<slug:slug>/plan/document/", views.plan_document, name="plan_document"),
    path("<slug:slug>/plan/v<int:version>/", views.plan_version, name="plan_version"),
    path("<slug:slug>/plan/v<int:version>/document/", views.plan_document, name="plan_version_document"),
    path("invitation/<str:jeton>/", equipe.invitation, name="invitation"),
]
